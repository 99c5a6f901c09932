"""printed.py - estates written as an app's CSV, printed by the real command, and every word
of every output read back: what check_leaks and check_injection share."""
import csv, io, os, random, re, subprocess, zipfile

TITLES = ("报事编号,报事时间,报事性质,大类,小类,紧急程度,状态,报事人,房号,片区,手机号,是否匿名,报事内容,"
          "是否公区,具体位置,设备编号,处理部门,派单时间,首响时间,到场时间,办结时限,首次完成时间,重开时间,"
          "完成时间,作废时间,流转记录,主工单,评价,更新时间").split(",")
SETTINGS = "[小区]\n名称 = 测试园\n监督方 = 业主委员会\n[隐匿]\n公开 = 5\n监督 = 3\n"


def tickets(seed, count, departments, categories, months=(("2026-09", 30), ("2026-10", 31)), **fixed):
    """Rows as dicts; fixed: column = function(i, random) -> text."""
    r = random.Random(seed)
    for i in range(count):
        month, days = months[i % len(months)]
        day, hour, minute = r.randint(1, days), r.randint(8, 20), r.randint(0, 59)
        done = f"{month}-{min(days, day + r.randint(0, 3)):02d} 22:{minute:02d}:00"
        row = dict.fromkeys(TITLES, "")
        row.update({"报事编号": f"W{seed}-{i}", "报事时间": f"{month}-{day:02d} {hour:02d}:{minute:02d}:00",
                    "报事性质": r.choice(["报修", "投诉", "建议"]), "大类": categories[i % len(categories)],
                    "小类": categories[i % len(categories)], "紧急程度": "一般", "状态": "已完成",
                    "房号": f"{r.randint(1, 9)}栋{r.randint(1, 3)}单元{r.randint(1, 30)}{r.randint(1, 4):02d}",
                    "是否公区": "是", "处理部门": departments[i % len(departments)], "首响时间": done,
                    "评价": r.choice(["满意", "满意", "不满意", ""]), "更新时间": done})
        if r.random() < 0.9:
            row["完成时间"] = row["首次完成时间"] = done
        else:
            row["状态"] = "处理中"
        for column, make in fixed.items():
            row[column] = make(i, r)
        yield row


def write(path, rows):
    out = io.StringIO()
    out.write("导出时间：2026-11-03 08:00:00\n")
    w = csv.DictWriter(out, TITLES, lineterminator="\n")
    w.writeheader()
    for row in rows:
        w.writerow(row)
    open(path, "w", encoding="utf-8").write(out.getvalue())


def report(huiyin, folder, formats="pdf,xlsx,html,png,txt"):
    """Loads folder/in, renders all formats; (exit code, what was said)."""
    os.makedirs(folder + "/in", exist_ok=True)
    if not os.path.exists(folder + "/s.ini"):
        open(folder + "/s.ini", "w").write(SETTINGS)
    common = ["--settings", folder + "/s.ini", "--db", folder + "/h.db"]
    said = ""
    a = subprocess.run([huiyin, "ingest", *common, folder + "/in"], capture_output=True, cwd=folder)
    said += a.stdout.decode() + a.stderr.decode()
    b = subprocess.run([huiyin, "render", *common, "--month", "2026-10", "--format", formats,
                        "--out", folder + "/r"], capture_output=True, cwd=folder)
    return max(a.returncode, b.returncode), said + b.stdout.decode() + b.stderr.decode()


def words_of(path):
    """Every string a reader of this file can get at, container and metadata included."""
    data = open(path, "rb").read()
    if path.endswith(".pdf"):
        text = subprocess.run(["pdftotext", "-raw", path, "-"], capture_output=True, check=True).stdout
        info = subprocess.run(["pdfinfo", path], capture_output=True, check=True).stdout
        raw = subprocess.run(["qpdf", "--qdf", "--object-streams=disable", path, "-"],
                             capture_output=True).stdout
        return (text + info).decode("utf-8", "replace"), raw
    if path.endswith(".xlsx"):
        with zipfile.ZipFile(path) as z:
            raw = b"".join(n.encode() + b"\n" + z.read(n) + b"\n" for n in z.namelist())
        return raw.decode("utf-8", "replace"), raw
    return data.decode("utf-8", "replace"), data


def public_files(folder):
    for place, _, names in os.walk(folder + "/r"):
        for name in names:
            if "/public" in place:
                yield os.path.join(place, name)


def flat(text):
    return re.sub(r"\s+", "", text)

"""leaks.py HUIYIN COUNT [FIRST] - random estates with planted telephones, names, rooms, plates,
identity numbers and words of complaint: none in any public output, its metadata or name."""
import os, shutil, struct, sys, tempfile
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import printed

def without_pixels(raw):
    """A picture's chunks but for its compressed pixels: two megabytes of noise hold any five
    bytes once in some hundred pictures (estate 731 had "-8627")."""
    if raw[:8] != b"\x89PNG\r\n\x1a\n":
        return raw
    kept, at = raw[:8], 8
    while at + 12 <= len(raw):
        length, = struct.unpack(">I", raw[at:at + 4])
        if raw[at + 4:at + 8] != b"IDAT":
            kept += raw[at:at + 12 + length]
        at += 12 + length
    return kept + raw[at:]


huiyin, count = os.path.abspath(sys.argv[1]), int(sys.argv[2])
first = int(sys.argv[3]) if len(sys.argv) > 3 else 1
bad = searched = planted = 0
for seed in range(first, first + count):
    folder = tempfile.mkdtemp(); os.mkdir(folder + "/in"); secrets = []

    def secret(text):
        secrets.append(text); return text

    def name(i, r): return secret("住户" + "".join(r.choice("鑫淼垚犇骉羴猋") for _ in range(3)) + f"q{i}z")
    def phone(i, r): return secret("1" + str(r.randint(3, 9)) + f"{r.randint(0, 10**9 - 1):09d}")
    def room(i, r):
        number = f"{r.randint(51, 99)}{r.randint(11, 99)}"
        secrets.extend((f"单元{number}", f"{number}室", f"-{number}"))
        return f"{r.randint(1, 9)}栋{r.randint(1, 3)}单元{number}"
    def text(i, r):
        word = secret(f"密语{r.randint(10**6, 10**7 - 1)}")
        plate = secret(f"粤B{r.randint(10000, 99999)}")
        card = secret(f"11010519{r.randint(50, 99)}1231{r.randint(1000, 9999)}")
        return f"{word}，{plate}，身份证{card}，电话{phone(i, r)}，业主王建国反映"
    rows = list(printed.tickets(seed, 40 + seed * 37 % 300, ["工程部", "秩序部", "环境部"][:1 + seed % 3],
                                ["电梯", "漏水", "噪音", "停车", "门禁", "绿化"][:1 + seed % 6],
                                报事人=name, 手机号=phone, 房号=room, 报事内容=text, 具体位置=lambda i, r: room(i, r),
                                流转记录=lambda i, r: "工程部>" + name(i, r)))
    printed.write(folder + "/in/密.csv", rows)
    code, said = printed.report(huiyin, folder, "pdf,xlsx,html,txt,png" if seed % 10 == 1 else "pdf,xlsx,html,txt")
    files = list(printed.public_files(folder)); planted += len(set(secrets))
    if code or len(files) < 8:
        bad += 1; print(f"estate {seed}: exit {code}, {len(files)} files: {said[-400:]}")
    pile = [("messages", said, said.encode())] + [(f, f + "\n" + w, without_pixels(raw)) for f in files
                                                   for w, raw in [printed.words_of(f)]]
    for place, words, raw in pile:
        searched += 1; squeezed = printed.flat(words)
        for s in set(secrets):
            if s in squeezed or s in words or s.encode() in raw:
                bad += 1; print(f"estate {seed}: {s} in {os.path.basename(place)}")
    shutil.rmtree(folder)
print(f"leaks: {count} estates, {planted} sentinels, {searched} outputs, {bad} leaks or failures")
sys.exit(1 if bad else 0)

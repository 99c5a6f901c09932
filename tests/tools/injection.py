"""injection.py HUIYIN - PROMISES P15-P18 by the real command."""
import os, re, sys, tempfile, zipfile, shutil
import xml.etree.ElementTree as tree
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import printed

PAYLOADS = ['=HYPERLINK("http://e.x","a")', "`touch PWN`", "$(touch PWN)", '"; system("touch PWN") #',
            "'; set print '|touch PWN", "<script>alert(1)</script>", "{INT-01} **b** [l](http://e.x)",
            "@SUM(1)+cmd|' /C calc'!A0", "%s%n \\) /JavaScript (x"]
huiyin, bad = os.path.abspath(sys.argv[1]), []
folder = tempfile.mkdtemp(); os.mkdir(folder + "/in")
# Longer than any column: the words must come through whole, wherever lines break.
rows = list(printed.tickets(5, 540, PAYLOADS, PAYLOADS, 报事内容=lambda i, r: PAYLOADS[i % 9] + "\n!touch PWN",
                            设备编号=lambda i, r: PAYLOADS[i % 9], 具体位置=lambda i, r: "`touch PWN`\nEOD"))
printed.write(folder + "/in/a.csv", rows)
code, said = printed.report(huiyin, folder)
if code:
    bad.append(f"exit {code}: {said[-800:]}")
for place, _, names in os.walk(folder):
    bad += [f"a command was run: {place}/{n}" for n in names if "PWN" in n]
files = list(printed.public_files(folder))
if len(files) < 10:
    bad.append(f"only {len(files)} files: {said[-500:]}")
for path in files:
    name = os.path.basename(path); words, raw = printed.words_of(path)
    if path.endswith(".pdf"):
        # outside strings and streams no action may stand
        for key in (b"/JavaScript", b"/OpenAction", b"/Launch", b"/AA", b"/URI"):
            if re.search(rb"^\s*" + key + rb"\b", raw, re.M):
                bad.append(f"{name}: {key}")
        squeezed = printed.flat(words)
    elif path.endswith(".html"):
        root = tree.fromstring(re.sub(r"^<!DOCTYPE[^>]*>", "", words.strip()))
        for e in root.iter():
            tag = e.tag.split("}")[-1]
            if tag in ("script", "a", "iframe", "object", "form") or any(k.lower().startswith("on") for k in e.attrib):
                bad.append(f"{name}: <{tag} {e.attrib}>")
        squeezed = printed.flat("".join(root.itertext()))
    elif path.endswith(".xlsx"):
        squeezed = ""
        with zipfile.ZipFile(path) as z:
            for n in z.namelist():
                if "externalLink" in n or "vba" in n.lower():
                    bad.append(f"{name}: {n}")
                root = tree.fromstring(z.read(n))
                squeezed += printed.flat("".join(root.itertext()))
                if n.startswith("xl/worksheets/sheet"):
                    bad += [f"{name} {n}: a formula" for e in root.iter() if e.tag.endswith("}f")]
                    bad += [f"{name} {n}: a link" for e in root.iter() if e.tag.endswith("}hyperlink")]
    elif path.endswith(".txt"):
        squeezed = printed.flat(words)
    else:
        continue
    if name.startswith("群公告"):
        continue # a text of figures: nobody's words stand in it
    for p in PAYLOADS:
        if printed.flat(p) not in squeezed:
            bad.append(f"{name}: {p} did not come through as text")
for b in bad[:30]:
    print("FAIL", b)
shutil.rmtree(folder)
sys.exit(1 if bad else 0)

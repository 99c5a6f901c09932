"""refused.py HUIYIN - a department that carries a telephone or an identity number in its name: it
leaves the number at the door.  A plate or a room gets in, and the public page is refused
with kind and place, the number itself is not repeated, other pages stand."""
import os, shutil, sys, tempfile
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import printed

huiyin, bad = os.path.abspath(sys.argv[1]), 0
for column, word, kind, hidden in (("处理部门", "工程部13812345678", "-", "13812345678"),
                                   ("处理部门", "秩序部 3-2-1503", "房号", "1503"),
                                   ("处理部门", "粤B12345车主组", "车牌", "12345"),
                                   ("处理部门", "组110105194912310021", "-", "110105194912310021"),
                                   ("处理部门", "绿化组", None, "绿化组")):
    folder = tempfile.mkdtemp(); os.mkdir(folder + "/in")
    printed.write(folder + "/in/a.csv", printed.tickets(7, 120, ["工程部"], ["电梯"],
                                                        **{column: lambda i, r: word if i % 2 else "工程部"}))
    code, said = printed.report(huiyin, folder, "txt")
    text = "".join(printed.words_of(f)[0] for f in printed.public_files(folder))
    if kind is None:
        good = code == 0 and hidden in text
    elif kind == "-":
        stored = b"".join(open(os.path.join(folder, f), "rb").read()
                          for f in os.listdir(folder) if f.startswith("h.db"))
        good = (code == 0 and hidden not in text + said
                and stored and hidden.encode() not in stored)
    else:
        good = code == 65 and f"里有{kind}" in said and "第" in said and hidden not in text
        good = good and hidden not in said.split("personal data")[0].split("没有写出")[-1]
    if not good:
        bad += 1; print(f"FAIL {column} {word}: exit {code}, {said[-500:]}")
    shutil.rmtree(folder)
sys.exit(1 if bad else 0)

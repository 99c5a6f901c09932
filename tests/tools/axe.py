"""axe.py AXE.js WORK PAGE... - each page in headless chromium, as wide as a telephone and as a
screen: no console message, no sideways scroll, every chart to be seen, and no serious or
critical finding of axe-core.  Exit 77 when chromium answers nothing in three tries."""
import html, json, os, re, subprocess, sys

axe, work, pages = os.path.abspath(sys.argv[1]), sys.argv[2], sys.argv[3:]
WIDTHS = (390, 1280)
COMMON = ['chromium', '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-dev-shm-usage',
          '--no-first-run', '--disable-background-networking', '--disable-sync', '--disable-component-update',
          '--allow-file-access-from-files', '--enable-logging=stderr', '--window-size=1400,1000']
PROBE = '''<script src="file://%s"></script><script>
axe.run(document, {iframes: false, resultTypes: ["violations", "incomplete"]}).then(function (r) {
  window.findings = r.violations.map(function (v) { return {id: v.id, impact: v.impact, help: v.help,
    nodes: v.nodes.slice(0, 4).map(function (n) { return n.html.slice(0, 160) }), count: v.nodes.length} });
  window.passes = r.passes.length });
</script>'''
FRAME = '''<!DOCTYPE html><title>x</title><iframe id="f" src="file://%s" style="width:%dpx;height:900px;border:0"></iframe>
<pre id="answer"></pre><script>
onload = function () { var f = document.getElementById("f"), d = f.contentDocument, e = d.documentElement;
  var small = [].filter.call(d.querySelectorAll("figure svg"), function (s) {
    var b = s.getBoundingClientRect(); return !(b.width > 200 && b.height > 60) }).length;
  (function wait(left) { var w = f.contentWindow;
    if (!w.findings && left) return setTimeout(function () { wait(left - 1) }, 100);
    document.getElementById("answer").textContent = JSON.stringify({wide: e.scrollWidth - e.clientWidth,
      charts: d.querySelectorAll("figure svg").length, small: small, findings: w.findings || null, passes: w.passes}) })(200) }
</script>'''
bad, checked = [], 0


def look(page, width):
    """What the frame answers and what the console says."""
    text = open(page, encoding='utf-8').read()
    copy = os.path.join(work, 'page.html')
    # The page forbids scripts, which is right; only the copy looked at may run one.
    text, banned = re.subn(r'<meta http-equiv="Content-Security-Policy"[^>]*>', '', text)
    if not banned:
        bad.append(f'{page} does not forbid scripts')
    open(copy, 'w', encoding='utf-8').write(text.replace('</body>', PROBE % axe + '</body>'))
    frame = os.path.join(work, 'frame.html')
    open(frame, 'w', encoding='utf-8').write(FRAME % (copy, width))
    for attempt in range(3):
        done = subprocess.run(COMMON + ['--virtual-time-budget=60000', f'--user-data-dir={work}/c{attempt}',
                                        '--dump-dom', 'file://' + frame], capture_output=True, text=True,
                              timeout=180, stdin=subprocess.DEVNULL)
        found = re.search(r'<pre id="answer">(.*?)</pre>', done.stdout, re.S)
        if found and found.group(1):
            return json.loads(html.unescape(found.group(1))), re.findall(r'.*CONSOLE.*', done.stderr)
    print('chromium ran no script in three tries')
    sys.exit(77)


for page in pages:
    for width in WIDTHS:
        answer, console = look(page, width)
        name = f'{os.path.basename(page)} at {width} px'
        checked += 1
        if answer['wide']:
            bad.append(f'{name}: {answer["wide"]} px to scroll sideways')
        if answer['small']:
            bad.append(f'{name}: {answer["small"]} of {answer["charts"]} charts are too small to see')
        for line in console:
            bad.append(f'{name}: {line[:200]}')
        if answer['findings'] is None:
            bad.append(f'{name}: axe gave no answer')
            continue
        for f in answer['findings']:
            line = f'{name}: {f["impact"]}: {f["id"]}: {f["help"]} ({f["count"]}): {f["nodes"]}'
            if f['impact'] in ('serious', 'critical'):
                bad.append(line)
            else:
                print('note', line)
for b in bad:
    print('FAIL', b)
print(f'{checked} looks at {len(pages)} pages, {len(bad)} findings')
sys.exit(1 if bad else 0)

#!/usr/bin/env python3
"""A browser shows a run's page: plots without scripts, zoom and crosshair with them, no script error.

    page_in_browser.py WRITE_REPORTS     exit code 77: the browser cannot start here
"""
import json
import re
import shutil
import subprocess
import sys
import tempfile
from html import unescape
from pathlib import Path

SKIPPED = 77
BROWSERS = ("chromium-headless-shell", "chromium")

# What a user does, and what he then sees. A panel is 1100 wide, its plot 1010 from 72 on.
PROBE = """<script>
const panel = document.querySelector('svg.panel'), frame = panel.getBoundingClientRect();
const box = panel.querySelector('.box'), reset = document.getElementById('reset');
const act = (type, part) => panel.dispatchEvent(new PointerEvent(type, {bubbles: true, button: 0,
  pointerType: 'mouse', clientX: frame.left + frame.width * (72 + 1010 * part) / 1100,
  clientY: frame.top + 60}));
const ticks = () => [...panel.querySelectorAll('.x-ticks text')].map(text => text.textContent);
const seen = {};
act('pointermove', 0.5);
seen.tip = [...document.querySelectorAll('#tip > div')].map(line => line.lastChild.textContent + '=' +
  line.firstChild.textContent);
seen.cross = panel.querySelector('.cross').getAttribute('d');
seen.whole = box.getAttribute('viewBox');
act('pointerdown', 0.25);
act('pointermove', 0.3);
act('pointerup', 0.5);
seen.zoomed = box.getAttribute('viewBox').split(' ').map(Number);
seen.ticks = ticks();
seen.curve = panel.querySelector('.box .curve').getBoundingClientRect().width;
act('pointerdown', 0.5);
act('pointerup', 1);
act('pointerdown', 0.5);
act('pointerup', 1);
seen.quiet = box.getAttribute('viewBox').split(' ').map(Number);
reset.click();
seen.reset = box.getAttribute('viewBox');
seen.all_ticks = ticks();
document.querySelector('.key[data-name=speed]').dispatchEvent(new MouseEvent('click'));
seen.hidden = panel.querySelector('.curve[data-name=speed]').style.display;
document.querySelector('#assessments .at').click();
seen.worst = box.getAttribute('viewBox').split(' ').map(Number);
document.body.dataset.seen = JSON.stringify(seen);
</script>"""


class Browser:
    def __init__(self, folder):
        self.folder = folder
        self.program = next(filter(None, map(shutil.which, BROWSERS)), None)

    def dom(self, page):
        """The page's elements after its scripts, and what the browser said."""
        done = subprocess.run(
            [self.program, "--headless", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr",
             f"--user-data-dir={self.folder}/profile", "--window-size=1300,900", "--dump-dom",
             page.as_uri()], capture_output=True, text=True, timeout=120)
        return done.stdout, done.stderr

    def starts(self):
        page = self.folder / "empty.html"
        page.write_text("<p id=here></p>")
        said, words = self.dom(page)
        return 'id="here"' in said, words


def console(words):
    return [line for line in words.splitlines() if "CONSOLE" in line]


def judge(browser, report, findings):
    def expect(good, what):
        if not good:
            findings.append(what)

    bare = report.with_name("bare.html")
    bare.write_text(re.sub(r"<script>.*</script>", "", report.read_text(), flags=re.S))
    dom, words = browser.dom(bare)
    expect("<script" not in dom and 'id="plots"' in dom, "without scripts: the page")
    expect(len(re.findall(r'<path class="curve s\d[^>]* d="M[^"]{20,}"', dom)) == 3, "without scripts: 3 curves")
    expect(dom.count('<svg class="panel"') == 2, "without scripts: a panel a unit")
    expect(dom.count('class="fault"') >= 4 and ">stuck_speed</text>" in dom, "without scripts: faults")

    probed = report.with_name("probed.html")
    probed.write_text(report.read_text().replace("</body>", PROBE + "</body>"))
    dom, words = browser.dom(probed)
    expect(not console(words), f"the console says {console(words)}")
    expect('data-script="ready"' in dom, "the page's script did not end")
    match = re.search(r'data-seen="([^"]*)"', dom)
    if not match:
        findings.append("the probe did not end")
        return
    seen = json.loads(unescape(match.group(1)))
    values = dict(line.split("=") for line in seen["tip"])
    expect(abs(float(values["speed"].split()[0]) - 1.0167) < 2e-3, "crosshair at 2 s: speed 1.0167")
    expect(values["reference"] == "1 rad/s", "crosshair at 2 s: reference 1 rad/s")
    expect(seen["cross"].startswith("M577"), "the crosshair stands at 2 s")
    expect(seen["whole"] == "0 0 1000000 100000" == seen["reset"], "the whole run before and after the zoom")
    expect(abs(seen["zoomed"][0] - 250000) < 100 and abs(seen["zoomed"][2] - 250000) < 100, "zoom to 1 s to 2 s")
    # From 1.75 s to 2 s the speed is between 0.99 and 1.02, of a whole between -0.08 and 1.36.
    expect(abs(seen["quiet"][0] - 437500) < 200 and 0 < seen["quiet"][3] < 6000, "zoom fits the values, too")
    expect(seen["ticks"][0] == "1.0" and seen["ticks"][-1] == "2.0", "the zoomed time axis")
    expect(seen["all_ticks"][0] == "0" and seen["all_ticks"][-1] == "4.0", "the whole time axis")
    expect(seen["curve"] > 1000, "the zoomed curve is wider than its panel")
    expect(seen["hidden"] == "none", "a key of the legend hides its curve")
    expect(abs(seen["worst"][0] + seen["worst"][2] / 2 - 1.347 / 4 * 1e6) < 200, "a time goes to its place")


def main():
    writer = sys.argv[1]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        browser = Browser(folder)
        if browser.program is None:
            print("error: no browser: apt-get install chromium-headless-shell (toolchains/packages.txt)")
            return 1
        starts, words = browser.starts()
        if not starts:
            print(f"skipped: {browser.program} cannot start here:\n{words[-2000:]}")
            return SKIPPED
        findings = []
        subprocess.run([writer, folder / "plain"], check=True)
        judge(browser, folder / "plain/report.html", findings)

        subprocess.run([writer, folder / "hostile", "hostile"], check=True)
        dom, words = browser.dom(folder / "hostile/report.html")
        if console(words) or 'data-script="ready"' not in dom or "<b>" in dom.split("</main>")[0]:
            findings.append(f"hostile texts break the page: {console(words)}")

        planted = folder / "plain/planted.html"
        planted.write_text((folder / "plain/report.html").read_text().replace("'use strict';", "none.such();"))
        dom, words = browser.dom(planted)
        if not console(words) or 'data-script="ready"' in dom:
            findings.append("a planted script error was not seen")
    for finding in findings:
        print(f"error: {finding}")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())

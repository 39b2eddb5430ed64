"""The audit's reports, read by the real programs that people read them with."""

import csv
import io
import json
import re
import shutil
import xml.etree.ElementTree as ET

import jsonschema
import pytest

import browser
from support import PROJECT, program, run

WORKLOADS = 320
HOSTILE = ("<script>document.title='broken'</script>", "=HYPERLINK(", "@everyone", "\u202e", "\x1b")


def sample(folder, workloads):
    made = run(program("tests/audit_sample"), folder, workloads)
    assert made.returncode == 0, made.stderr
    return folder


@pytest.fixture(scope="module")
def reports(tmp_path_factory):
    return sample(tmp_path_factory.mktemp("reports"), WORKLOADS)


@pytest.fixture(scope="module")
def report(reports):
    return json.loads((reports / "audit.json").read_text())


@pytest.fixture(scope="module")
def chromium():
    if reason := browser.missing():
        pytest.skip(reason)
    made = browser.Browser()
    yield made
    made.close()


def need(name):
    if not shutil.which(name):
        pytest.skip(f"no {name}: ./dev setup installs it")
    return name


def test_json_follows_its_schema(report):
    schema = json.loads((PROJECT / "docs/schemas/audit.schema.json").read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.Draft202012Validator(schema).validate(report)
    assert len(report["workloads"]) == WORKLOADS
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(schema).validate({**report, "more": 1})


def test_the_sample_tries_to_break_out(report):
    text = json.dumps(report, ensure_ascii=False).encode().decode()
    assert all(json.dumps(bad, ensure_ascii=False)[1:-1] in text for bad in HOSTILE)


def test_csv_reads_back_and_starts_no_formula(reports, report):
    text = (reports / "audit.csv").read_bytes().decode()
    rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    assert all(len(row) == len(rows[0]) for row in rows)
    assert len(rows) - 1 == sum(max(1, len(w["results"])) for w in report["workloads"])
    fields = [field for row in rows[1:] for field in row]
    assert not [f for f in fields if f[:1] in tuple("=+-@\t\r") and f], "a spreadsheet would run it"
    assert any(f.startswith("'=HYPERLINK(") for f in fields)
    assert not re.search(r"[\x00-\x09\x0b\x0c\x0e-\x1f\u202e]", text)


def test_junit_is_xml_and_counts_right(reports):
    suites = ET.parse(reports / "audit.junit.xml").getroot()
    assert len(suites) > WORKLOADS
    for suite in suites:
        kinds = [child.tag for case in suite for child in case]
        assert int(suite.get("tests")) == len(suite)
        assert (int(suite.get("failures")), int(suite.get("errors"))) == (kinds.count("failure"), kinds.count("error"))


def test_sarif_has_a_rule_and_a_print_of_its_own_for_each_result(reports, report):
    (made,) = json.loads((reports / "audit.sarif").read_text())["runs"]
    rules = [rule["id"] for rule in made["tool"]["driver"]["rules"]]
    assert all(rules[r["ruleIndex"]] == r["ruleId"] for r in made["results"])
    assert len(made["results"]) == sum(len(w["results"]) for w in report["workloads"])
    prints = [r["partialFingerprints"]["initscanAudit/v1"] for r in made["results"]]
    kept = [w for w in report["workloads"] if not any(bad in w["name"] for bad in HOSTILE)]
    assert len(set(prints)) >= sum(len(w["results"]) for w in kept)
    assert all(re.fullmatch(r"[A-Za-z0-9%./-]+", r["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]) for r in made["results"])


def test_markdown_has_no_link_and_no_markup_of_others(reports):
    made = run(need("cmark-gfm"), "--unsafe", "-e", "table", "-e", "autolink", "-e", "strikethrough", reports / "audit.md")
    assert made.returncode == 0
    tags = set(re.findall(r"<\s*([a-z0-9]+)", made.stdout.replace("<!-- -->", "")))
    assert tags <= {"h1", "h2", "h3", "p", "strong", "em", "table", "thead", "tbody", "tr", "th", "td", "code", "pre", "ul", "li"}, tags
    assert "@everyone" not in re.sub(r"<(code|pre)[^>]*>.*?</\1>", "", made.stdout, flags=re.S)
    for table in re.findall(r"<table>.*?</table>", made.stdout, re.S):
        widths = {len(re.findall(r"<t[dh]", row)) for row in re.findall(r"<tr>.*?</tr>", table, re.S)}
        assert len(widths) == 1, "a value has cut a row"


def test_same_report_same_bytes(reports, tmp_path):
    again = sample(tmp_path, WORKLOADS)
    for name in ("html", "md", "json", "csv", "sarif", "junit.xml", "prom"):
        assert (again / f"audit.{name}").read_bytes() == (reports / f"audit.{name}").read_bytes(), name


# Elements wider than what shows them. Patches scroll in their own box and the navigation by itself; a long chip ends in "...".
CLIPPED = """[...document.querySelectorAll('main *')].filter(e => e.clientWidth && e.scrollWidth > e.clientWidth + 1
  && getComputedStyle(e).overflowX !== 'visible' && !e.closest('thead, .hidden-label') && !e.matches('pre, .chip')).map(e => e.tagName + '.' + e.className)"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_page_fits_and_asks_nobody(chromium, reports, width, scheme):
    page = reports / "audit.html"
    chromium.open(page, width=width, scheme=scheme)
    chromium.run("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert chromium.run("document.documentElement.scrollWidth") == width
    assert chromium.run(CLIPPED) == []
    assert chromium.run("document.title") == "Container audit, 24 November 2026, 20:52 UTC", "a name has become a script"
    assert chromium.requests() == [page.as_uri()]
    assert chromium.complaints() == []
    assert chromium.run("document.querySelectorAll('img, iframe, object, embed, link:not([href=\"data:,\"])').length") == 0


# Of every visible text, what WCAG 2.1 asks of its contrast (1.4.3): colours are blended with what lies below them.
CONTRAST = """(() => {
  const parse = c => { const n = c.match(/[\\d.]+/g).map(Number); return c.startsWith('color(') ? [n[0]*255, n[1]*255, n[2]*255, n[3] ?? 1] : [n[0], n[1], n[2], n[3] ?? 1]; };
  const over = (a, b) => [0, 1, 2].map(i => a[i] * a[3] + b[i] * (1 - a[3]));
  const light = c => { const [r, g, b] = c.map(v => (v /= 255) <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4); return 0.2126*r + 0.7152*g + 0.0722*b; };
  const ground = e => { let below = []; for (let at = e; at; at = at.parentElement) { const c = parse(getComputedStyle(at).backgroundColor); below.push(c); if (c[3] === 1) break; }
    let mix = [255, 255, 255]; for (const c of below.reverse()) mix = over(c, mix); return mix; };
  const bad = new Set();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const e = walker.currentNode.parentElement;
    if (!walker.currentNode.textContent.trim() || e.closest('svg, script, option') || !e.checkVisibility()) continue;
    const style = getComputedStyle(e), below = ground(e), [a, b] = [light(over(parse(style.color), below)), light(below)];
    const large = parseFloat(style.fontSize) >= 24 || (parseFloat(style.fontSize) >= 18.66 && style.fontWeight >= 700);
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < (large ? 3 : 4.5)) bad.add(e.tagName + '.' + e.className + ' ' + ratio.toFixed(2));
  }
  return [...bad];
})()"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_can_be_read(chromium, reports, scheme):
    chromium.open(reports / "audit.html", scheme=scheme)
    chromium.run("[...document.querySelectorAll('details')].slice(0, 60).forEach(d => d.open = true)")
    assert chromium.run(CONTRAST) == []


def test_page_says_what_it_is_without_being_seen(chromium, reports):
    """Headings in order, a caption for each table, a name for each control and picture."""
    chromium.open(reports / "audit.html")
    levels = chromium.run("[...document.querySelectorAll('h1, h2, h3')].map(h => +h.tagName[1])")
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(b - a <= 1 for a, b in zip(levels, levels[1:]))
    assert chromium.run("[...document.querySelectorAll('table')].filter(t => !t.caption).length") == 0
    assert chromium.run("[...document.querySelectorAll('input, select')].filter(c => !c.labels.length).length") == 0
    assert chromium.run("[...document.querySelectorAll('svg')].filter(s => !s.ariaHidden && !s.ariaLabel).length") == 0
    assert chromium.run("document.documentElement.lang") == "en"


def column(chromium, index):
    return chromium.run(f"[...document.querySelector('#workload-table').tBodies[0].rows].filter(r => !r.hidden).map(r => +r.cells[{index}].dataset.v)")


def test_tables_sort_and_filter_without_a_network(chromium, reports, report):
    chromium.open(reports / "audit.html")
    chromium.run("document.querySelectorAll('#workload-table th button')[3].click()")
    assert column(chromium, 3) == sorted((w["mutability"] for w in report["workloads"]), reverse=True)
    assert chromium.run("document.querySelectorAll('#workload-table th')[3].ariaSort") == "descending"
    chromium.run("document.querySelectorAll('#workload-table th button')[3].click()")
    assert column(chromium, 3) == sorted(w["mutability"] for w in report["workloads"])

    chromium.run("document.querySelector('.card.rotate-now button').click()")
    wanted = [w for w in report["workloads"] if w["action"] == "rotate-now"]
    assert len(column(chromium, 3)) == len(wanted) == report["summary"]["workloads"]["rotate-now"] > 0
    chromium.run("(() => { const f = document.getElementById('filter-words'); f.value = 'nothing has this'; f.dispatchEvent(new Event('input')); })()")
    assert column(chromium, 3) == []
    assert chromium.run("document.getElementById('filter-shown').textContent") == f"0 of {WORKLOADS} rows"


def test_a_name_leads_to_its_patch_and_the_button_copies_it(chromium, reports, report):
    chromium.open(reports / "audit.html")
    chromium.call("Browser.grantPermissions", permissions=["clipboardReadWrite", "clipboardSanitizedWrite"])
    chromium.run("document.querySelector('.card.rotate-now li a').click()")
    chromium.run("new Promise(done => setTimeout(done, 50))")
    assert chromium.run("document.querySelector('details.owner').open") is True
    chromium.run("document.querySelector('details.owner .patch button').click()")
    chromium.run("new Promise(done => setTimeout(done, 100))")
    assert chromium.run("document.querySelector('details.owner .patch button').textContent") == "Copied"
    assert chromium.run("navigator.clipboard.readText()") == report["workloads"][0]["patch"]


def test_it_works_without_scripts_and_prints(chromium, tmp_path):
    page = sample(tmp_path, 40) / "audit.html"
    chromium.call("Emulation.setScriptExecutionDisabled", value=True)
    try:
        chromium.open(page, width=688)  # A4 within its margins
        chromium.run("document.querySelectorAll('details').forEach(d => d.open = true)")
        chromium.call("Emulation.setEmulatedMedia", media="print")
        assert chromium.run("document.documentElement.scrollWidth") == 688
        assert chromium.run(CLIPPED) == []
        assert chromium.run("[...document.querySelectorAll('.js-only')].every(e => !e.checkVisibility())") is True
        assert chromium.run("document.querySelectorAll('#workload-table tbody tr').length") == 40
        pdf = chromium.pdf()
        assert pdf.startswith(b"%PDF-") and pdf.count(b"/Type /Page\n") > 2
    finally:
        chromium.call("Emulation.setScriptExecutionDisabled", value=False)


def test_ten_thousand_workloads_still_open(chromium, tmp_path):
    page = sample(tmp_path, 10_000) / "audit.html"
    assert page.stat().st_size < 8 << 20
    seconds = chromium.open(page, width=390)
    assert seconds < 20
    assert chromium.run("document.documentElement.scrollWidth") == 390
    assert chromium.run("document.querySelectorAll('#workload-table tbody tr').length") == 2000
    assert "Showing 2000 of 10000; audit.json and audit.csv have all of them." in chromium.run("document.getElementById('workloads').textContent")
    assert len((tmp_path / "audit.csv").read_text().splitlines()) > 10_000

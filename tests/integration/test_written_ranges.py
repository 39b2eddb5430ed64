"""Our readers of ranges against the package managers themselves: 20,000 versions and ranges each, half of them near a bound.
Where we say that a range is not understood, nothing is compared."""

import os
import random

import pytest

from support import program, run
from test_registry_versions import need

PAIRS = 20_000


def number(rng):
    return rng.choice(["0", "0", "1", "2", "9", "10"])


def version(rng, stages, most=3, fewest=3):
    return ".".join(number(rng) for _ in range(rng.randint(fewest, most))) + (rng.choice(stages) if stages and rng.random() < 0.3 else "")


SEMVER = ["-0", "-1", "-a", "-rc.1", "-rc.1.0"]
PYTHON = ["a1", "b2", "rc1", ".post1", ".dev1", "a1.dev2", ".post2.dev1"]
GEM = [".a", ".rc1", ".pre.2"]
COMPOSER = ["-beta1", "-RC2", "-alpha", "-dev", "-p1"]


def npm_range(rng):
    def comparator():
        text = version(rng, SEMVER) if rng.random() < 0.6 else ".".join([number(rng), rng.choice(["x", "*", number(rng)])][:rng.randint(1, 2)])
        return rng.choice(["^", "~", ">=", "<=", "<", ">", "=", "", ">= "]) + text

    def alternative():
        if rng.random() < 0.1:
            return f"{version(rng, SEMVER)} - {version(rng, SEMVER, 3, 1)}"
        return " ".join(comparator() for _ in range(rng.choice([1, 1, 2])))

    return " || ".join(alternative() for _ in range(rng.choice([1, 1, 2])))


def python_range(rng):
    def specifier():
        op = rng.choice(["==", "!=", ">=", "<=", "<", ">", "~="])
        if op in ("==", "!=") and rng.random() < 0.4:
            return op + version(rng, [], 3, 1) + ".*"
        return op + version(rng, PYTHON, 3, 1)

    return ",".join(specifier() for _ in range(rng.choice([1, 2, 2, 3])))


def gem_range(rng):
    return ", ".join(rng.choice(["=", "!=", ">=", "<=", "<", ">", "~>"]) + " " + version(rng, GEM, 4, 1) for _ in range(rng.choice([1, 2])))


def composer_range(rng):
    def constraint():
        if rng.random() < 0.2:
            return version(rng, [], 2, 1) + ".*"
        return rng.choice(["^", "~", ">=", "<=", "<", ">", "=", "!=", ""]) + version(rng, COMPOSER, 4, 1)

    def alternative():
        if rng.random() < 0.1:
            # The other way round nothing is in it, but Composer joins it with another that begins at its end.
            return f"1.{version(rng, [], 3, 1)} - 2.{version(rng, [], 3, 1)}"
        return rng.choice([" ", ","]).join(constraint() for _ in range(rng.choice([1, 1, 2])))

    return rng.choice([" || ", "|"]).join(alternative() for _ in range(rng.choice([1, 1, 2])))


def rows(make_range, stages, most=3, fewest=3, seed=5):
    """Versions and ranges; every other version is a bound of its range, or next to one."""
    rng = random.Random(seed)
    made = []
    for _ in range(PAIRS):
        text = make_range(rng)
        own = version(rng, stages, most, fewest)
        bounds = [word.strip("^~<>=!*x ").rstrip(".") for word in text.replace(",", " ").replace("|", " ").split()]
        bounds = [bound for bound in bounds if bound.count(".") + 1 >= fewest and bound[:1].isdigit()]
        if bounds and rng.random() < 0.5:
            own = rng.choice(bounds)
            if rng.random() < 0.5 and own.replace(".", "").isdigit():
                own += rng.choice(stages)
        made.append((own, text))
    return made


def agree(order, made, argv, **options):
    text = "".join(f"{own} {written}\n" for own, written in made)
    done = run(*argv, input=text, **options)
    if done.returncode != 0 and ("No module named" in done.stderr or "Cannot find module" in done.stderr):
        pytest.skip(f"the tool to compare with is missing (./dev setup installs it): {done.stderr.strip().splitlines()[-1]}")
    assert done.returncode == 0, done.stderr[-2000:]
    ours = run(program("tests/version_range"), order, input=text, check=True).stdout.split()
    wrong = [row for row in zip(made, ours, done.stdout.split(), strict=True) if row[1] not in ("?", row[2])]
    assert wrong == [], f"{len(wrong)} of {len(made)}"
    assert min(ours.count("in"), ours.count("out")) > PAIRS / 10, "too few were understood"


def test_npm():
    script = """
const semver = require("semver");
for (const line of require("fs").readFileSync(0, "utf8").trim().split("\\n")) {
  const [version, ...words] = line.split(" ");
  const range = words.join(" ");
  const is_known = semver.validRange(range) !== null && semver.valid(version) !== null;
  // By the order alone: "satisfies" keeps prereleases out of ranges that name none.
  const is_in = () => new semver.Range(range).set.some(all => all.every(one => one.test(version)));
  console.log(!is_known ? "?" : is_in() ? "in" : "out");
}
"""
    agree("npm", rows(npm_range, SEMVER), [need("node", "node-semver"), "-e", script],
          env={**os.environ, "NODE_PATH": "/usr/share/nodejs"})


def test_python():
    script = """
import sys
from packaging.specifiers import InvalidSpecifier, SpecifierSet
for line in sys.stdin:
    version, text = line.split(" ", 1)
    try:
        print("in" if SpecifierSet(text.strip()).contains(version, prereleases=True) else "out")
    except InvalidSpecifier:
        print("?")
"""
    agree("python", rows(python_range, [*PYTHON, "+x.1"], 3, 1), ["/usr/bin/python3", "-c", script])


def test_gem():
    script = """
STDIN.each_line do |line|
  version, range = line.strip.split(" ", 2)
  puts Gem::Requirement.new(range.split(",")).satisfied_by?(Gem::Version.new(version)) ? "in" : "out"
end
"""
    agree("gem", rows(gem_range, GEM, 4, 1), [need("ruby", "ruby"), "-e", script])


def test_composer():
    script = """
@include "/usr/share/php/Composer/Semver/autoload.php";
if (!class_exists("Composer\\\\Semver\\\\Semver")) { fwrite(STDERR, "Cannot find module php-composer-semver"); exit(1); }
while (($line = fgets(STDIN)) !== false) {
  [$version, $range] = explode(" ", trim($line), 2);
  try { echo Composer\\Semver\\Semver::satisfies($version, $range) ? "in" : "out", "\\n"; }
  catch (UnexpectedValueException $e) { echo "?\\n"; }
}
"""
    agree("composer", rows(composer_range, COMPOSER, 4, 1), [need("php", "php-cli and php-composer-semver"), "-r", script])

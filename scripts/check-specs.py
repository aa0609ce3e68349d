#!/usr/bin/env python3
"""Fails when a rule in specs/ is held by no test, a test names a rule that no page has, or a rule's number is used twice.
Also when specs/compatibility.md names an end-to-end check that there is not.

A rule is a list item that begins with its number in bold, `- **SEL-3** …`; a test names it at the beginning of its
display name, `@Test("SEL-3: …")`. Several rules in one name are separated by `, `."""
import pathlib
import re
import sys

RULE = re.compile(r"^\s*[-*]\s+\*\*([A-Z][A-Z0-9]*-\d+)\*\*", re.M)
TEST = re.compile(r'@Test\(\s*"((?:[A-Z][A-Z0-9]*-\d+(?:, )?)+):', re.M)

CLIENTS = ("ctr", "cri", "docker")


def missing_checks(page):
    """Each row of the page's tables: what is done, then a column for each client with the names of its checks."""
    have = {client: set(re.findall(r'^@checks\.check\("(.*?)"[,)]', pathlib.Path(f"scripts/e2e.d/suite_{client}.py").read_text(), re.M))
            for client in CLIENTS}
    for row in re.findall(r"^\| (?!what|---)(.*) \|$", page.read_text(), re.M):
        for client, cell in zip(CLIENTS, row.split(" | ")[1:]):
            for name in re.findall(r"`(.*?)`", cell):
                if name not in have[client]:
                    yield f"{page}: scripts/e2e {client} has no check {name!r}; correct the name"


def main():
    rules, problems, held = {}, [], {}
    for page in sorted(pathlib.Path("specs").glob("*.md")):
        for rule in RULE.findall(page.read_text()):
            if rule in rules:
                problems.append(f"{page}: rule {rule} is in {rules[rule]} already; give it a new number")
            rules.setdefault(rule, page)
    for file in sorted(pathlib.Path("Tests").rglob("*.swift")):
        for names in TEST.findall(file.read_text()):
            for rule in names.split(", "):
                held.setdefault(rule, file)
    problems += [f'{page}: no test holds rule {rule}; write one whose name begins with "{rule}: "'
                 for rule, page in rules.items() if rule not in held]
    problems += [f"{file}: names rule {rule}, which no page in specs/ has; write the rule, or correct the number"
                 for rule, file in held.items() if rule not in rules]
    problems += missing_checks(pathlib.Path("specs/compatibility.md"))
    print("\n".join(problems) or f"check-specs: {len(rules)} rules, each held by a test")
    return 1 if problems else 0


sys.exit(main())

#!/usr/bin/env python3
"""Fails when a rule in specs/ is held by no test, a test names a rule that no page has, or a rule's number is used twice.

A rule is a list item that begins with its number in bold, `- **SEL-3** …`; a test names it at the beginning of its
display name, `@Test("SEL-3: …")`. Several rules in one name are separated by `, `."""
import pathlib
import re
import sys

RULE = re.compile(r"^\s*[-*]\s+\*\*([A-Z][A-Z0-9]*-\d+)\*\*", re.M)
TEST = re.compile(r'@Test\(\s*"((?:[A-Z][A-Z0-9]*-\d+(?:, )?)+):', re.M)


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
    print("\n".join(problems) or f"check-specs: {len(rules)} rules, each held by a test")
    return 1 if problems else 0


sys.exit(main())

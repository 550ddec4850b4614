"""Writes a corpus in which every field is hostile markup: corpora.py OUT.jsonl"""
import json
import sys

HOSTILE = [
    '<img src=x onerror="window.pwned=1">',
    "</script><script>window.pwned=1</script>",
    "\"'><svg onload=window.pwned=1>",
    "]]><!--<b>&lt;&#60;&amp;",
    "javascript:window.pwned=1",
    "\u202e\u2066gnp.exe\u0007\u0000\ufffe",
    "{{7*7}}${7*7}<%= 7*7 %>`id`",
    "=HYPERLINK(\"http://example.org\";\"x\")",
]

with open(sys.argv[1], "w", encoding="utf-8") as file:
    for i in range(240):
        evil = HOSTILE[i % len(HOSTILE)]
        print(json.dumps({"user": f"{evil}{i % 24}", "conversation": f"{evil}{i % 48}", "role": "user",
                          "country": HOSTILE[i % 3], "age": HOSTILE[i % 24 % 5] + str(i % 24), "condition": evil,
                          "time": "2024-01-01T00:00:00Z", "text": f"{evil} {HOSTILE[(i * 7 + 3) % len(HOSTILE)]} word{i % 24}"}),
              file=file)

"""Validates reports against reports/report.schema.json: schema.py SCHEMA REPORT...; 77 = skipped."""
import itertools
import json
import sys

try:
    from jsonschema import Draft202012Validator
except ImportError:
    print("skipped: python3-jsonschema is not installed")
    sys.exit(77)

with open(sys.argv[1], encoding="utf-8") as file:
    schema = json.load(file)
Draft202012Validator.check_schema(schema)
failed = False
for path in sys.argv[2:]:
    with open(path, encoding="utf-8") as file:
        report = json.load(file)
    for error in itertools.islice(Draft202012Validator(schema).iter_errors(report), 20):
        print(f"{path}: /{'/'.join(map(str, error.absolute_path))}: {error.message[:300]}")
        failed = True
sys.exit(failed)

"""What looking for direct identifiers, opted-out people, near duplicates and old messages costs: compliance.py [build/release] [MESSAGES]

Each line is a whole run over one made-up corpus, as processor seconds, and how many MB of it a second that is beyond reading and
counting alone (`consent` without a list: shared conversations and ages only). --try-keys ipv4 hashes all addresses with each of the hash
functions that the keys may be of."""
import hashlib
import json
import os
import pathlib
import subprocess
import sys
import tempfile

ROUNDS = 3


def seconds(words):
    best = None
    for _ in range(ROUNDS):
        process = subprocess.Popen([str(word) for word in words], stdout=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        if os.waitstatus_to_exitcode(status) not in (0, 1):
            sys.exit(f"{words} ended with {status}")
        used = usage.ru_utime + usage.ru_stime
        best = used if best is None else min(best, used)
    return best


def main():
    build = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else "build/release")
    messages = int(sys.argv[2]) if len(sys.argv) > 2 else 500_000
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        corpus, copies, policy = folder / "corpus.jsonl", folder / "opted-out.jsonl", folder / "policy.yaml"
        with corpus.open("wb") as out:
            subprocess.run([build / "linkback-synth", "--users", str(messages // 50), "--messages", str(messages), "--seed", "1"],
                           stdout=out, check=True)
        lines = corpus.read_bytes().splitlines(keepends=True)
        copies.write_bytes(b"".join(lines[::20]))
        users = sorted({json.loads(line)["user"] for line in lines})
        (folder / "users.txt").write_text("".join(user + "\n" for user in users[::10]), encoding="utf-8")
        policy.write_text("policy:\n  retention_days: 90\n  rules:\n    - {metric: retention.expired_messages, max: 0}\n", encoding="utf-8")
        mb = corpus.stat().st_size / 1e6
        print(f"{messages} messages, {mb:.0f} MB, one thread")
        audit = [build / "linkback", "audit", corpus, "--threads", "1", "--report", f"json={folder / 'out.json'}", "-q", "--measures"]
        alone = seconds([*audit, "qi"])
        print(f"{'reading and counting':46} {alone:7.2f} s {mb / alone:8.0f} MB/s")
        for what, words in [("identifiers", ["qi,identifiers"]), ("consent, no list", ["qi,consent"]),
                            (f"a list of {len(users[::10])} opted-out users", ["qi,consent", "--opted-out", folder / "users.txt"]),
                            (f"near duplicates of {len(lines[::20])} opted-out messages", ["qi,consent", "--opted-out", copies]),
                            ("retention of 90 days", ["qi,consent", "--policy", policy])]:
            used = seconds([*audit, *words])
            print(f"{what:46} {used:7.2f} s {mb / max(used - alone, 0.001):8.0f} MB/s beyond reading")
        keyed = folder / "keyed.jsonl"
        for algorithm in ("md5", "sha256"):
            with keyed.open("w", encoding="utf-8") as out:
                for i in range(1000):
                    key = hashlib.new(algorithm, f"{i % 223 + 1}.{i % 250}.7.{i % 199}".encode()).hexdigest()
                    out.write(json.dumps({"user": key, "text": f"word{i % 17} and so on"}) + "\n")
            process = subprocess.Popen([build / "linkback", "audit", keyed, "--try-keys", "ipv4", "--measures", "identifiers", "--report",
                                        f"json={folder / 'out.json'}", "-q"])
            _, status, usage = os.wait4(process.pid, 0)
            found = json.loads((folder / "out.json").read_text(encoding="utf-8"))["metrics"]["identifiers.reversible_keys"]["value"]
            used = usage.ru_utime + usage.ru_stime
            print(f"--try-keys ipv4, {algorithm + ' keys':29} {used:7.1f} s {2**32 / used / 1e6:8.0f} million addresses/s, {found} of them undone")


if __name__ == "__main__":
    main()

"""Adds found inputs to the seeds of a target, minimised: pack.py BUILD TARGET [FOLDER...]

BUILD is a debug build, TARGET a name without `fuzz_`, a FOLDER has what a search found. libFuzzer keeps what covers
something that the named seeds (seeds/TARGET/) do not; that becomes seeds/TARGET.tar.xz, the same to the byte for the
same inputs. Fails, and leaves the archive, where the kept inputs cover fewer edges than all did.
"""
import hashlib
import io
import lzma
import os
import pathlib
import re
import subprocess
import sys
import tarfile
import tempfile

SEEDS = pathlib.Path(__file__).resolve().parent / "seeds"
LENGTH_MAX = 4096


def fuzz(program, *words):
    done = subprocess.run([program.resolve(), f"-max_len={LENGTH_MAX}", *words], capture_output=True)
    if done.returncode:
        sys.exit(f"{program}: exit {done.returncode}\n{done.stderr[-2000:].decode(errors='replace')}")
    return done.stderr.decode(errors="replace")


def covered(program, folder):
    """Edges and features that the inputs in `folder` reach."""
    return tuple(map(int, re.search(r"INITED cov: (\d+) ft: (\d+)", fuzz(program, "-runs=0", folder)).groups()))


def gather(folder, sources):
    """Copies every input into `folder` under the SHA-1 of its content, as libFuzzer names them."""
    folder.mkdir()
    for data in sources:
        (folder / hashlib.sha1(data).hexdigest()).write_bytes(data)


def packed(archive):
    if archive.exists():
        with tarfile.open(archive) as members:
            for member in members:
                yield members.extractfile(member).read()


def write_archive(archive, files):
    """In order of the names, without owner and time."""
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w", format=tarfile.USTAR_FORMAT) as members:
        for file in sorted(files):
            member = tarfile.TarInfo(file.name)
            member.size = file.stat().st_size
            with open(file, "rb") as data:
                members.addfile(member, data)
    aside = archive.with_suffix(".tmp")
    aside.write_bytes(lzma.compress(raw.getvalue(), preset=9 | lzma.PRESET_EXTREME))
    os.replace(aside, archive)


def main(build, target, *folders):
    program, archive = pathlib.Path(build) / "tests/fuzz" / f"fuzz_{target}", SEEDS / f"{target}.tar.xz"
    named = [file.read_bytes() for file in sorted((SEEDS / target).glob("*"))]
    found = [file.read_bytes() for folder in folders for file in sorted(pathlib.Path(folder).rglob("*")) if file.is_file()]
    with tempfile.TemporaryDirectory() as place:
        everything, kept = pathlib.Path(place) / "all", pathlib.Path(place) / "kept"
        gather(everything, [*named, *packed(archive), *found])
        gather(kept, named)
        seeds = {file.name for file in kept.iterdir()}
        fuzz(program, "-merge=1", kept, everything)
        before, after = covered(program, everything), covered(program, kept)
        new = [file for file in kept.iterdir() if file.name not in seeds]
        print(f"{target}: {len(list(everything.iterdir()))} inputs reach {before[0]} edges, {before[1]} features; "
              f"{len(seeds)} named and {len(new)} packed reach {after[0]} and {after[1]}")
        if after[0] < before[0]:
            sys.exit(f"{target}: the merged inputs cover less; nothing was written")
        if new:
            write_archive(archive, new)


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])

"""Runs one scanner over a folder and prints one JSON line a file: caught, missed or error. Used by bench/scanners.ts."""

import contextlib
import io
import json
import logging
import os
import signal
import sys

logging.disable(logging.CRITICAL)
SECONDS = 20


def picklescan():
    from picklescan.scanner import scan_file_path

    def scan(path):
        result = scan_file_path(path)
        # "Suspicious" is what it prints for imports that it does not know; its exit code counts only the dangerous ones.
        if result.issues_count > 0:
            return "caught"
        return "error" if result.scan_err else "missed"

    return scan


def modelscan():
    from modelscan.modelscan import ModelScan

    def scan(path):
        report = ModelScan().scan(path)
        if report["summary"]["total_issues"] > 0:
            return "caught"
        return "error" if report["errors"] else "missed"

    return scan


def fickling():
    import zipfile

    from fickling.loader import scan_file, scan_zip_archive

    def scan(path):
        if zipfile.is_zipfile(path):
            results = list(scan_zip_archive(path, graceful=True).values())
        else:
            results = [scan_file(path, graceful=True)]
        if any(not result.is_safe and result.results for result in results):
            return "caught"
        return "error" if any(result.errors or not result.is_safe for result in results) else "missed"

    return scan


def modelaudit():
    from modelaudit.core import scan_model_directory_or_file

    def scan(path):
        result = scan_model_directory_or_file(path, timeout=SECONDS)
        if any(issue.severity.value in ("warning", "critical") for issue in result.issues):
            return "caught"
        return "missed" if result.success else "error"

    return scan


class TooLong(Exception):
    pass


def too_long(*_):
    raise TooLong()


def main():
    scan = globals()[sys.argv[1]]()
    folder = sys.argv[2]
    signal.signal(signal.SIGALRM, too_long)
    for base, _, names in sorted(os.walk(folder)):
        for name in sorted(names):
            path = os.path.join(base, name)
            signal.alarm(SECONDS)
            try:
                with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
                    answer = scan(path)
            except BaseException as error:  # noqa: BLE001: a scanner that falls over has not caught anything
                answer = "error" if not isinstance(error, KeyboardInterrupt) else exit(130)
            signal.alarm(0)
            print(json.dumps({"path": os.path.relpath(path, folder), "answer": answer}), flush=True)


main()

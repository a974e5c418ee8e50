# Presidio over JSON Lines: its own recognisers of six types, a blank pipeline (no model of names), one process. Prints a JSON line.
import json, sys, time
import spacy
from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
from presidio_analyzer.nlp_engine import SpacyNlpEngine
from presidio_analyzer.predefined_recognizers import (
    CreditCardRecognizer, EmailRecognizer, IbanRecognizer, IpRecognizer, PhoneRecognizer, UsSsnRecognizer,
)

class Blank(SpacyNlpEngine):
    def __init__(self):
        super().__init__()
        self.nlp = {"en": spacy.blank("en")}

registry = RecognizerRegistry(recognizers=[CreditCardRecognizer(), EmailRecognizer(), IbanRecognizer(), IpRecognizer(), PhoneRecognizer(), UsSsnRecognizer()])
analyzer = AnalyzerEngine(nlp_engine=Blank(), registry=registry, supported_languages=["en"])
entities = ["CREDIT_CARD", "EMAIL_ADDRESS", "IBAN_CODE", "IP_ADDRESS", "PHONE_NUMBER", "US_SSN"]
rows = [json.loads(line)["text"] for line in open(sys.argv[1], encoding="utf8")]
analyzer.analyze(rows[0], "en", entities)
started, cpu = time.perf_counter(), time.process_time()
found = {}
for row in rows:
    for kind in {one.entity_type for one in analyzer.analyze(row, "en", entities)}:
        found[kind] = found.get(kind, 0) + 1
size = sum(len(row.encode()) for row in rows)
print(json.dumps({"bytes": size, "seconds": time.perf_counter() - started, "cpu": time.process_time() - cpu, "rows": found}))

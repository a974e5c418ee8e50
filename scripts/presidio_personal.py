"""Presidio's hits of structured types in texts: {"types": [...], "texts": [...]} on stdin, a list of lists of spans on stdout."""

import json
import sys

import spacy
from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
from presidio_analyzer.nlp_engine import NlpArtifacts, NlpEngine


class BlankEngine(NlpEngine):
    """Tokens and nothing else; lemmas for context words are the tokens themselves."""

    def __init__(self):
        self.nlp = spacy.blank("en")

    def load(self):
        pass

    def is_loaded(self):
        return True

    def process_text(self, text, language):
        doc = self.nlp(text.lower())
        words = [token.text for token in doc]
        return NlpArtifacts([], doc, [token.idx for token in doc], words, self, language, scores=[])

    def process_batch(self, texts, language, **_):
        return [(text, self.process_text(text, language)) for text in texts]

    def is_stopword(self, word, language):
        return word in self.nlp.Defaults.stop_words

    def is_punct(self, word, language):
        return self.nlp.vocab[word].is_punct

    def get_supported_entities(self):
        return []

    def get_supported_languages(self):
        return ["en"]


def main():
    request = json.load(sys.stdin)
    registry = RecognizerRegistry()
    registry.load_predefined_recognizers(languages=["en"])
    engine = AnalyzerEngine(registry=registry, nlp_engine=BlankEngine(), supported_languages=["en"])
    found = []
    for text in request["texts"]:
        results = engine.analyze(text, language="en", entities=request["types"])
        # Python counts code points, the labels and JavaScript UTF-16 units.
        places = [0]
        for char in text:
            places.append(places[-1] + (2 if ord(char) > 0xFFFF else 1))
        found.append([{"type": hit.entity_type, "start": places[hit.start], "end": places[hit.end]} for hit in results])
    json.dump(found, sys.stdout)


main()

"""The official client, unmodified, over every endpoint of whatever model is served. Prints one JSON object of what it got."""

import json
import sys

import openai

base_url, model = sys.argv[1:3]
client = openai.OpenAI(base_url=base_url, api_key="none", max_retries=0)
messages = [{"role": "user", "content": "What is the capital of France?"}]
common = {"model": model, "max_tokens": 24, "temperature": 0, "seed": 1}
got = {}

chat = client.chat.completions.create(messages=messages, n=2, **common)
got["chat"] = [[choice.index, choice.message.role, type(choice.message.content).__name__] for choice in chat.choices]
got["chat text"] = chat.choices[0].message.content
got["adds up"] = chat.usage.total_tokens == chat.usage.prompt_tokens + chat.usage.completion_tokens

texts = ["", ""]
ends = [None, None]
usages = 0
for chunk in client.chat.completions.create(
    messages=messages, n=2, stream=True, stream_options={"include_usage": True}, **common
):
    for choice in chunk.choices:
        texts[choice.index] += choice.delta.content or ""
        ends[choice.index] = choice.finish_reason or ends[choice.index]
    usages += 1 if chunk.usage else 0
got["streams the same"] = texts == [choice.message.content for choice in chat.choices]
got["ends"] = all(end in ("stop", "length") for end in ends)
got["one usage"] = usages == 1

whole = client.completions.create(prompt="The capital of France is", **common).choices[0].text
streamed = client.completions.create(prompt="The capital of France is", stream=True, **common)
got["completes the same"] = "".join(chunk.choices[0].text for chunk in streamed) == whole and whole != ""

asked = {"model": model, "input": "What is the capital of France?", "max_output_tokens": 24, "temperature": 0}
response = client.responses.create(**asked)
events = list(client.responses.create(stream=True, **asked))
said = "".join(event.delta for event in events if event.type == "response.output_text.delta")
got["responds the same"] = said == response.output_text and said != ""
got["response ends"] = events[-1].type in ("response.completed", "response.incomplete")

vectors = [one.embedding for one in client.embeddings.create(model=model, input=["a cat", "a dog"]).data]
got["embeds"] = len(vectors) == 2 and len(vectors[0]) == len(vectors[1]) > 2
got["models"] = [one.id for one in client.models.list()]
got["model"] = client.models.retrieve(model).id


def error_of(call):
    try:
        call()
    except openai.APIStatusError as error:
        return [type(error).__name__, error.status_code]
    return None


got["unknown model"] = error_of(lambda: client.chat.completions.create(model="no-such", messages=messages))
got["unknown endpoint"] = error_of(lambda: client.images.generate(model=model, prompt="x"))

print(json.dumps(got))

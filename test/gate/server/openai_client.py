"""The official client, unmodified, over every endpoint. Prints one JSON object of what it got."""

import json
import sys

import openai

base_url, key = sys.argv[1:3]
client = openai.OpenAI(base_url=base_url, api_key=key, max_retries=0)
messages = [{"role": "user", "content": "Say hello"}]
got = {}

chat = client.chat.completions.create(model="tern", messages=messages, n=2, logprobs=True)
got["chat"] = [choice.message.content for choice in chat.choices]
got["logprob"] = chat.choices[0].logprobs.content[0].token
got["usage"] = chat.usage.total_tokens

texts = ["", ""]
total = 0
for chunk in client.chat.completions.create(
    model="tern", messages=messages, n=2, stream=True, stream_options={"include_usage": True}
):
    for choice in chunk.choices:
        texts[choice.index] += choice.delta.content or ""
    total += chunk.usage.total_tokens if chunk.usage else 0
got["chat stream"] = texts
got["stream usage"] = total

got["completion"] = client.completions.create(model="tern", prompt="x").choices[0].text
got["completion stream"] = "".join(
    chunk.choices[0].text for chunk in client.completions.create(model="tern", prompt="x", stream=True)
)

got["response"] = client.responses.create(model="tern", input="x").output_text
got["response stream"] = "".join(
    event.delta
    for event in client.responses.create(model="tern", input="x", stream=True)
    if event.type == "response.output_text.delta"
)

got["embeddings"] = [one.embedding for one in client.embeddings.create(model="tern", input=["a", "b"]).data]
got["models"] = [model.id for model in client.models.list()]
got["model"] = client.models.retrieve("tern").id


def error_of(call):
    try:
        call()
    except openai.APIStatusError as error:
        return [type(error).__name__, error.status_code, error.code, error.param]
    return None


got["unknown model"] = error_of(lambda: client.chat.completions.create(model="gull", messages=messages))
got["unknown endpoint"] = error_of(lambda: client.images.generate(model="tern", prompt="x"))
got["wrong key"] = error_of(lambda: client.with_options(api_key="wrong").models.list())
try:
    for _ in client.chat.completions.create(model="tern", messages=[{"role": "user", "content": "break"}], stream=True):
        pass
    got["broken stream"] = None
except openai.APIError as error:
    got["broken stream"] = error.code

print(json.dumps(got))

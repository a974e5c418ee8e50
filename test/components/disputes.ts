// Labels that a file of the release contradicts. Each reason names that file; docs/components.md tells the whole story.
export const disputes: ReadonlyMap<string, string> = new Map([
  ["01-ai__Yi weights", "HUGGINGFACE_README.md asks for an application before commercial use"],
  ["BlinkDL__RWKV-LM data-processing-code", "RWKV-v5/make_data.py lies in the repository"],
  ["BlinkDL__RWKV-LM evaluation-code", "RWKV-v7/rwkv_mmlu_eval.py lies in the repository"],
  ["InternLM__InternLM model-card", "model_cards/ holds nine cards"],
  ["MiniMax-AI__MiniMax-01 training-data", "MiniMax-VL-01-Model-Card.md describes what the model was trained on"],
  ["Stability-AI__StableLM evaluation-code", "README.md links the publisher's own fork of lm-evaluation-harness"],
  ["huggingface__smollm architecture-code", "vision/m4/models/ holds modeling_*.py"],
  ["meta-llama__llama-models paper", "models/llama2/MODEL_CARD.md names the paper and its address"],
]);

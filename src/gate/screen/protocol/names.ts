// Names of members that OpenAI's API and its well-known servers use; any other name is somebody's text.

const NAMES = `
  annotations arguments assistant audio background best_of best_of choices code completion_tokens completion_tokens_details content content_index created created_at
  accepted_prediction_tokens audio_tokens cached_tokens rejected_prediction_tokens input_tokens_details output_tokens_details prompt_tokens_details reasoning_tokens
  custom data delta description dimensions echo effort embedding encoding_format encrypted_content end_index error event file_data file_id file_url
  finish_reason format frequency_penalty function function_call functions id image_url include include_usage incomplete_details index input input_audio
  input_tokens instructions item item_id json_schema keep_alive length logit_bias logprobs max_completion_tokens max_output_tokens max_tokens max_tool_calls
  message messages metadata min_p min_tokens modalities model n name num_ctx obfuscation object offset options output output_index output_text
  output_tokens param parallel_tool_calls parameters part prediction presence_penalty previous_response_id priority prompt prompt_cache_key prompt_logprobs prompt_token_ids
  prompt_tokens properties reason reasoning reasoning_content reasoning_effort refusal repetition_penalty required response response_format role safety_identifier schema
  seed sequence_number service_tier start_index status stop stop_reason store stream stream_options strict suffix summary summary_index system system_fingerprint
  temperature text text_offset timings token token_ids token_logprobs tokens tool_call_id tool_calls tool_choice tools top_k top_logprobs top_p total_tokens truncation
  type url usage user verbosity call_id created_by cached_n predicted_ms predicted_n predicted_per_second predicted_per_token_ms prompt_ms prompt_n prompt_per_second
  prompt_per_token_ms additionalProperties additional_properties items enum
  prompt_cache_hit_tokens prompt_cache_miss_tokens cache_n draft_n draft_n_accepted queue_time prompt_time completion_time total_time
`;

const known = new Set(NAMES.split(/\s+/u).filter((name) => name !== ""));

export function isKnownName(name: string): boolean {
  return known.has(name);
}

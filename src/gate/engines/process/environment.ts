// What of the gate's environment the process of a model gets: where the engine and its graphics cards are. Never a key.

const HANDED_ON: readonly string[] = [
  "AJAR_NODE_LLAMA",
  "XDG_DATA_HOME",
  "HOME",
  "USERPROFILE",
  "PATH",
  "TMPDIR",
  "TEMP",
  "SYSTEMROOT",
  "LD_LIBRARY_PATH",
  "DYLD_LIBRARY_PATH",
  "CUDA_PATH",
  "CUDA_VISIBLE_DEVICES",
  "HIP_VISIBLE_DEVICES",
  "ROCR_VISIBLE_DEVICES",
  "GGML_VK_VISIBLE_DEVICES",
  "VK_DRIVER_FILES",
];

export function modelEnvironment(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const given = HANDED_ON.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]] as const]));
  // Else llama.cpp starts a debugger on itself when it aborts.
  return { ...Object.fromEntries(given), GGML_NO_BACKTRACE: "1" };
}

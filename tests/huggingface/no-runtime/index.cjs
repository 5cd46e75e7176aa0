// What @huggingface/transformers looks at when it is imported; see package.json.
class Unused {}

module.exports = { Tensor: Unused, InferenceSession: Unused, env: {} };

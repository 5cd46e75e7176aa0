using StableDiffCoder.Engine.Model;
using StableDiffCoder.Engine.Weights;
using StableDiffCoder.Training.Optimization;
using static TorchSharp.torch;

namespace StableDiffCoder.Training.Running;

/// <summary>Writes a trained model as a Hugging Face folder that the engine loads as it is.</summary>
public static class ModelExport
{
    /// <summary>Writes config.json, tokenizer.json and model.safetensors (bfloat16).</summary>
    /// <param name="directory">The folder; files in it are replaced.</param>
    /// <param name="config">The model's shape, with block length and infill order.</param>
    /// <param name="optimizer">Holds the master weights.</param>
    /// <param name="tokenizerPath">The tokenizer.json to copy.</param>
    public static void Write(string directory, ModelConfig config, MasterWeightOptimizer optimizer, string tokenizerPath)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        Directory.CreateDirectory(directory);
        (string, Tensor)[] weights =
        [
            .. optimizer
                .Masters.OrderBy(entry => entry.Key, StringComparer.Ordinal)
                .Select(entry => (entry.Key, entry.Value.to(ScalarType.BFloat16))),
        ];
        SafetensorsWriter.Write(
            Path.Combine(directory, "model.safetensors"),
            weights,
            new Dictionary<string, string> { ["format"] = "pt" }
        );
        File.WriteAllText(Path.Combine(directory, "config.json"), config.ToJson("bfloat16"));
        File.Copy(tokenizerPath, Path.Combine(directory, "tokenizer.json"), overwrite: true);
    }
}

using StableDiffCoder.Engine.Model;
using static TorchSharp.torch;

namespace StableDiffCoder.Engine.Weights;

/// <summary>Writes a copy of a model folder whose linear maps have few bits.</summary>
public static class CheckpointQuantizer
{
    /// <summary>Quantizes a folder into a new one. The codes are those that loading the folder with the same dtype makes.</summary>
    /// <param name="source">A folder with float weights.</param>
    /// <param name="quantization">8 or 4 bits.</param>
    /// <param name="folder">Where to write; made when missing, and it must not hold a model yet.</param>
    /// <param name="progress">Told the fraction of weights done.</param>
    /// <param name="ct">Checked between weights.</param>
    /// <exception cref="ModelLoadException">The source is quantized already, or cannot be read.</exception>
    /// <exception cref="IOException">The folder holds a model, or cannot be written.</exception>
    public static void Run(
        ModelDirectory source,
        WeightQuantization quantization,
        string folder,
        IProgress<double>? progress,
        CancellationToken ct
    )
    {
        if (source.Config.Quantization != WeightQuantization.None)
        {
            throw new ModelLoadException(source.Path, $"{source.Path} is quantized already; quantize the folder it was made from.");
        }
        string config = Path.Combine(folder, "config.json");
        if (File.Exists(config))
        {
            throw new IOException($"{config} exists; name a new folder.");
        }
        Directory.CreateDirectory(folder);
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var weights = new List<IDisposable>();
        try
        {
            List<(string, Tensor)> tensors = Quantize(source, quantization, weights, progress, ct);
            SafetensorsWriter.Write(
                Path.Combine(folder, "model.safetensors"),
                tensors,
                new Dictionary<string, string> { ["format"] = "pt" }
            );
        }
        finally
        {
            weights.ForEach(weight => weight.Dispose());
        }
        CopyOtherFiles(source.Path, folder);
        // Last: a folder with a config is complete.
        File.WriteAllText(config, (source.Config with { Quantization = quantization }).ToJson("bfloat16"));
    }

    private static List<(string, Tensor)> Quantize(
        ModelDirectory source,
        WeightQuantization quantization,
        List<IDisposable> owned,
        IProgress<double>? progress,
        CancellationToken ct
    )
    {
        SafetensorsFile[] files = [.. source.WeightFiles.Select(SafetensorsFile.Open)];
        owned.AddRange(files);
        var tensors = new List<(string, Tensor)>();
        long done = 0;
        foreach ((string name, long[] shape) in CheckpointLayout.Of(source.Config))
        {
            ct.ThrowIfCancellationRequested();
            SafetensorsFile file = files.First(file => file.Header.Entries.ContainsKey(name));
            if (CheckpointLayout.IsQuantizable(name, shape))
            {
                var weight = new QuantizedWeight((int)shape[0], (int)shape[1], quantization);
                owned.Add(weight);
                WeightCopy.Run(file, file.Header.Entries[name], WeightTarget.Rounding(weight), static _ => { }, ct);
                tensors.Add((name, weight.Codes));
                tensors.Add((name + QuantizedWeight.ScaleSuffix, weight.Scales));
            }
            else
            {
                tensors.Add((name, file.Read(name)));
            }
            progress?.Report((double)(done += shape.Aggregate(1L, (product, size) => product * size)) / source.ParameterCount);
        }
        return tensors;
    }

    // The tokenizer, its config, a chat template; not weights and what describes them.
    private static void CopyOtherFiles(string from, string to)
    {
        foreach (string file in Directory.EnumerateFiles(from))
        {
            string name = Path.GetFileName(file);
            bool isKept = Path.GetExtension(name) is ".json" or ".jinja" or ".txt" or ".md";
            if (isKept && name != "config.json" && !name.EndsWith(".safetensors.index.json", StringComparison.Ordinal))
            {
                File.Copy(file, Path.Combine(to, name), overwrite: true);
            }
        }
    }
}

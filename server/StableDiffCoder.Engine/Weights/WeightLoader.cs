using StableDiffCoder.Engine.Model;
using TorchSharp;

namespace StableDiffCoder.Engine.Weights;

/// <summary>Fills a model's tensors from a model folder.</summary>
public static class WeightLoader
{
    /// <summary>
    /// Copies every tensor of the folder into the one of the same name, converting the element type. Names and shapes are checked first:
    /// nothing is copied unless the two sets are the same.
    /// </summary>
    /// <param name="directory">The folder.</param>
    /// <param name="destination">
    /// Allocated tensors by checkpoint name, of any float type on any device. A tied head (<see cref="ModelConfig.TieWordEmbeddings"/>) is not
    /// among them; a file that stores one all the same must store the embedding's own bytes.
    /// </param>
    /// <param name="progress">Told the fraction of bytes copied, ending with 1.</param>
    /// <param name="ct">Checked every few megabytes.</param>
    /// <exception cref="ModelLoadException">Tensors are missing, left over or of another shape; one exception names all of them.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; some tensors have been written to.</exception>
    public static void Load(
        ModelDirectory directory,
        IReadOnlyDictionary<string, torch.Tensor> destination,
        IProgress<double>? progress = null,
        CancellationToken ct = default
    ) => Load(directory, destination, new Dictionary<string, QuantizedWeight>(), progress, ct);

    /// <summary>The same for a model some of whose weights have few bits: float ones are rounded while they are read, stored codes are copied.</summary>
    /// <param name="directory">The folder.</param>
    /// <param name="destination">Float tensors, as above.</param>
    /// <param name="quantized">Weights of few bits by checkpoint name; of the folder's own quantization when it has one.</param>
    /// <param name="progress">Told the fraction of bytes read, ending with 1.</param>
    /// <param name="ct">Checked every few megabytes.</param>
    public static void Load(
        ModelDirectory directory,
        IReadOnlyDictionary<string, torch.Tensor> destination,
        IReadOnlyDictionary<string, QuantizedWeight> quantized,
        IProgress<double>? progress,
        CancellationToken ct
    )
    {
        var files = new List<SafetensorsFile>();
        try
        {
            var entries = new Dictionary<string, SafetensorsEntry>(StringComparer.Ordinal);
            var fileOf = new Dictionary<string, SafetensorsFile>(StringComparer.Ordinal);
            foreach (string path in directory.WeightFiles)
            {
                var file = SafetensorsFile.Open(path);
                files.Add(file);
                foreach ((string name, SafetensorsEntry entry) in file.Header.Entries)
                {
                    if (!entries.TryAdd(name, entry))
                    {
                        throw new ModelLoadException(path, $"{path} and another shard both hold '{name}'; download the folder again.");
                    }
                    fileOf.Add(name, file);
                }
            }
            CheckpointCheck.Run(
                directory.Path,
                Expected(directory.Config, destination, quantized),
                entries,
                directory.Config.TieWordEmbeddings
            );
            if (directory.Config.TieWordEmbeddings && fileOf.TryGetValue(CheckpointLayout.Head, out SafetensorsFile? head))
            {
                CheckTiedHead(fileOf[CheckpointLayout.Embedding], head);
            }
            Copy(Targets(directory.Config, destination, quantized), entries, fileOf, progress, ct);
        }
        finally
        {
            files.ForEach(file => file.Dispose());
        }
    }

    private static IEnumerable<ExpectedTensor> Expected(
        ModelConfig config,
        IReadOnlyDictionary<string, torch.Tensor> destination,
        IReadOnlyDictionary<string, QuantizedWeight> quantized
    ) =>
        [
            .. destination.Select(pair => new ExpectedTensor(pair.Key, pair.Value.shape)),
            .. quantized.SelectMany(pair =>
            {
                long[] shape = [pair.Value.Rows, pair.Value.Columns];
                return config.Quantization == WeightQuantization.None
                    ? [new ExpectedTensor(pair.Key, shape)]
                    : CheckpointLayout.Quantized(pair.Key, shape, config.Quantization);
            }),
        ];

    // Stored name → where its pieces go.
    private static Dictionary<string, WeightTarget> Targets(
        ModelConfig config,
        IReadOnlyDictionary<string, torch.Tensor> destination,
        IReadOnlyDictionary<string, QuantizedWeight> quantized
    )
    {
        var targets = destination.ToDictionary(pair => pair.Key, pair => WeightTarget.Of(pair.Value));
        foreach ((string name, QuantizedWeight weight) in quantized)
        {
            if (config.Quantization == WeightQuantization.None)
            {
                targets.Add(name, WeightTarget.Rounding(weight));
                continue;
            }
            targets.Add(name, WeightTarget.Of(weight.Codes));
            targets.Add(name + QuantizedWeight.ScaleSuffix, WeightTarget.Of(weight.Scales));
        }
        return targets;
    }

    private static void Copy(
        Dictionary<string, WeightTarget> targets,
        Dictionary<string, SafetensorsEntry> entries,
        Dictionary<string, SafetensorsFile> fileOf,
        IProgress<double>? progress,
        CancellationToken ct
    )
    {
        long total = targets.Keys.Sum(name => entries[name].ByteLength);
        long done = 0;
        // In the order of the files, so that a disk reads forward.
        foreach (
            string name in targets.Keys.OrderBy(name => fileOf[name].Path, StringComparer.Ordinal).ThenBy(name => entries[name].Offset)
        )
        {
            WeightCopy.Run(fileOf[name], entries[name], targets[name], bytes => progress?.Report((double)(done += bytes) / total), ct);
        }
    }

    private static void CheckTiedHead(SafetensorsFile embeddingFile, SafetensorsFile headFile)
    {
        const int PieceBytes = 32 << 20;
        SafetensorsEntry embedding = embeddingFile.Header.Entries[CheckpointLayout.Embedding];
        SafetensorsEntry head = headFile.Header.Entries[CheckpointLayout.Head];
        bool equal = head.ElementType == embedding.ElementType && head.Shape.SequenceEqual(embedding.Shape);
        for (long offset = 0; equal && offset < head.ByteLength; offset += PieceBytes)
        {
            var length = (int)Math.Min(PieceBytes, head.ByteLength - offset);
            equal = headFile.Bytes(head, offset, length).SequenceEqual(embeddingFile.Bytes(embedding, offset, length));
        }
        if (!equal)
        {
            throw new ModelLoadException(
                headFile.Path,
                $"{headFile.Path} holds a '{CheckpointLayout.Head}' that differs from '{CheckpointLayout.Embedding}', and config.json says "
                    + "that the two are one (tie_word_embeddings); set it to false or download the folder again."
            )
            {
                UnexpectedNames = [CheckpointLayout.Head],
            };
        }
    }
}

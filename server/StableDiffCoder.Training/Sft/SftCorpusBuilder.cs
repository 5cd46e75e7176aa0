using StableDiffCoder.Training.Corpus;

namespace StableDiffCoder.Training.Sft;

/// <summary>
/// Makes edit samples of a corpus: "{split}-edits-00000.jsonl" and sft.json. Held-out splits have files of their own; the test split has
/// phrasings of its own too. The same input gives the same bytes.
/// </summary>
public static class SftCorpusBuilder
{
    private const int BatchFiles = 64;

    /// <summary>Runs it.</summary>
    /// <param name="options">Folders, numbers, seed.</param>
    /// <param name="progress">Told after each batch of files: done are samples, total is the most there can be; null when nobody looks.</param>
    /// <param name="cancellationToken">Checked at every file.</param>
    /// <returns>The manifest that was written beside the samples.</returns>
    /// <exception cref="ArgumentException">An option is out of bounds.</exception>
    /// <exception cref="FileNotFoundException">The corpus is not there.</exception>
    public static SftManifest Build(SftCorpusOptions options, IProgress<CorpusProgress>? progress, CancellationToken cancellationToken)
    {
        options.Validate();
        Directory.CreateDirectory(options.OutputDirectory);
        var splits = new Dictionary<string, SftSplit>();
        foreach (CorpusSplit split in Enum.GetValues<CorpusSplit>())
        {
            List<EditSample> samples = Draw(options, split, progress, cancellationToken);
            // Neighbours in the file are not of one kind or file.
            IOrderedEnumerable<EditSample> shuffled = samples.OrderBy(sample =>
                SeededHash.Of(options.Seed, "sft-order", $"{sample.Path}\n{sample.Instruction}\n{sample.Before}")
            );
            string file = EditShard.FileName(split);
            EditShard.Write(Path.Combine(options.OutputDirectory, file), shuffled);
            splits[CorpusShard.FileName(split)] = new SftSplit(
                file,
                samples.Count,
                EditKinds.All.ToDictionary(kind => kind.Name, kind => samples.Count(sample => sample.Kind == kind.Name))
            );
        }
        var manifest = new SftManifest(options.Seed, splits);
        manifest.Save(options.OutputDirectory);
        return manifest;
    }

    private static List<EditSample> Draw(
        SftCorpusOptions options,
        CorpusSplit split,
        IProgress<CorpusProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        int most = options.SamplesPerKind(split);
        var samples = new List<EditSample>();
        var counts = EditKinds.All.ToDictionary(kind => kind.Name, _ => 0);
        var seen = new HashSet<(string, string)>();
        var sampler = new EditSampler(options);
        IEnumerable<CorpusDocument> files = CorpusShard
            .Read(options.CorpusDirectory, split)
            .Where(document => document.Path.EndsWith(".cs", StringComparison.OrdinalIgnoreCase))
            .OrderBy(document => SeededHash.Of(options.Seed, "sft-file", document.Path));
        foreach (CorpusDocument[] batch in files.Chunk(BatchFiles))
        {
            // A kind that has enough is not looked for any more; within a batch the surplus is dropped.
            IEditKind[] wanted = [.. EditKinds.All.Where(kind => counts[kind.Name] < most)];
            if (wanted.Length == 0)
            {
                break;
            }
            var found = batch
                .AsParallel()
                .AsOrdered()
                .WithCancellation(cancellationToken)
                .Select(document => sampler.Sample(document, wanted, split == CorpusSplit.Test).ToList());
            foreach (EditSample sample in found.AsSequential().SelectMany(list => list))
            {
                if (counts[sample.Kind] < most && seen.Add((sample.Before, sample.After)))
                {
                    counts[sample.Kind]++;
                    samples.Add(sample);
                }
            }
            progress?.Report(new CorpusProgress($"edits {CorpusShard.FileName(split)}", samples.Count, most * EditKinds.All.Count));
        }
        return samples;
    }
}

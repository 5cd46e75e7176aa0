using System.Text;

namespace StableDiffCoder.Training.Corpus;

/// <summary>How far the making of a corpus has come.</summary>
/// <param name="Stage">"read" or "write".</param>
/// <param name="Done">Files done in this stage.</param>
/// <param name="Total">Files of this stage.</param>
public sealed record CorpusProgress(string Stage, int Done, int Total);

/// <summary>
/// Makes a corpus from source trees: filters, removes licence headers and duplicates, splits by project folder, rewrites the style of a
/// share of the files, and writes shards with a manifest. The same input gives the same bytes.
/// </summary>
public static class CorpusBuilder
{
    /// <summary>Runs it.</summary>
    /// <param name="options">Sources, filters and output folder.</param>
    /// <param name="progress">Told every few hundred files; null when nobody looks.</param>
    /// <param name="cancellationToken">Checked at every file.</param>
    /// <returns>The manifest that was written beside the shards.</returns>
    /// <exception cref="ArgumentException">An option is out of bounds.</exception>
    public static CorpusManifest Build(CorpusOptions options, IProgress<CorpusProgress>? progress, CancellationToken cancellationToken)
    {
        options.Validate();
        var split = new ProjectSplit(options);
        // Held-out files come first: a training file that repeats one of them is then the duplicate, and goes.
        List<SourceFile> files = [.. options.Sources.SelectMany(source => Walk(source, split)).OrderByDescending(file => file.Split)];
        var dropped = Enum.GetValues<DropReason>().ToDictionary(reason => reason, _ => 0);
        List<SourceFile> kept = Select(files, options, dropped, progress, cancellationToken);
        return Write(kept, files.Count, dropped, options, progress, cancellationToken);
    }

    private static IEnumerable<SourceFile> Walk(CorpusSource source, ProjectSplit split)
    {
        var enumeration = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint };
        return Directory
            .EnumerateFiles(source.Root, "*", enumeration)
            .Where(file => source.Extensions.Any(ending => file.EndsWith(ending, StringComparison.OrdinalIgnoreCase)))
            .Select(file => Path.GetRelativePath(source.Root, file).Replace(Path.DirectorySeparatorChar, '/'))
            .Where(path => !source.Excluded.Any(folder => CorpusSource.IsUnder(path, folder)))
            .Order(StringComparer.Ordinal)
            .Select(path => new SourceFile(source, path, split.Of(source, path)));
    }

    private static List<SourceFile> Select(
        List<SourceFile> files,
        CorpusOptions options,
        Dictionary<DropReason, int> dropped,
        IProgress<CorpusProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        var duplicates = new DuplicateFilter(options);
        var kept = new List<SourceFile>();
        int done = 0;
        foreach ((SourceFile file, DropReason? reason, FileFingerprint? print) in Examine(files, options, cancellationToken))
        {
            DropReason? verdict = reason ?? duplicates.Judge(file.Split, print!);
            if (verdict is DropReason why)
            {
                dropped[why]++;
            }
            else
            {
                kept.Add(file);
            }
            Report(progress, "read", ++done, files.Count);
        }
        return kept;
    }

    private static ParallelQuery<(SourceFile, DropReason?, FileFingerprint?)> Examine(
        List<SourceFile> files,
        CorpusOptions options,
        CancellationToken cancellationToken
    ) =>
        files
            .AsParallel()
            .AsOrdered()
            .WithCancellation(cancellationToken)
            .Select(file =>
            {
                (string? text, DropReason? reason) = file.Read(options);
                return (file, reason, text is null ? null : FileFingerprint.Of(text));
            });

    private static CorpusManifest Write(
        List<SourceFile> kept,
        int seen,
        Dictionary<DropReason, int> dropped,
        CorpusOptions options,
        IProgress<CorpusProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        Directory.CreateDirectory(options.OutputDirectory);
        foreach (string stale in Directory.GetFiles(options.OutputDirectory, "*.jsonl"))
        {
            File.Delete(stale);
        }
        var splits = new Dictionary<string, SplitManifest>();
        var bytesByLicence = options.Sources.ToDictionary(
            source => source.Name,
            _ => new SortedDictionary<string, long>(StringComparer.Ordinal)
        );
        int done = 0;
        foreach (CorpusSplit split in Enum.GetValues<CorpusSplit>())
        {
            using var writer = new CorpusShardWriter(options.OutputDirectory, split, options.ShardBytes);
            int modern = 0;
            List<SourceFile> files = [.. kept.Where(file => file.Split == split)];
            foreach ((SourceFile file, CorpusDocument document) in Render(files, options, cancellationToken))
            {
                writer.Add(document);
                modern += document.Style == "modern" ? 1 : 0;
                SortedDictionary<string, long> licences = bytesByLicence[file.Source.Name];
                string licence = file.Source.LicenceOf(file.Path);
                licences[licence] = licences.GetValueOrDefault(licence) + Encoding.UTF8.GetByteCount(document.Text);
                Report(progress, "write", ++done, kept.Count);
            }
            writer.Dispose();
            long bytes = writer.Shards.Sum(shard => shard.TextBytes);
            splits[CorpusShard.FileName(split)] = new SplitManifest(
                files.Count,
                bytes,
                modern,
                HeldOutFolders(split, files),
                writer.Shards
            );
        }
        var manifest = new CorpusManifest
        {
            FilesSeen = seen,
            Dropped = dropped.ToDictionary(entry => entry.Key.ToString(), entry => entry.Value),
            Sources = [.. options.Sources.Select(source => new SourceManifest(source.Name, source.Version, bytesByLicence[source.Name]))],
            Splits = splits,
            Seed = options.Seed,
        };
        manifest.Save(options.OutputDirectory);
        return manifest;
    }

    private static ParallelQuery<(SourceFile, CorpusDocument)> Render(
        List<SourceFile> files,
        CorpusOptions options,
        CancellationToken cancellationToken
    ) => files.AsParallel().AsOrdered().WithCancellation(cancellationToken).Select(file => (file, file.Render(options)));

    private static List<string> HeldOutFolders(CorpusSplit split, List<SourceFile> files) =>
        split == CorpusSplit.Train ? [] : [.. files.Select(file => file.HeldOutFolder).Distinct().Order(StringComparer.Ordinal)];

    private static void Report(IProgress<CorpusProgress>? progress, string stage, int done, int total)
    {
        if (done % 256 == 0 || done == total)
        {
            progress?.Report(new CorpusProgress(stage, done, total));
        }
    }
}

namespace StableDiffCoder.Training.Corpus;

/// <summary>
/// Assigns whole folders to a split, so that no held-out project has a file in the training text. A source that names its held-out folders
/// is split by them; in any other the second-level folders are drawn by a seeded hash.
/// </summary>
/// <param name="options">Sources, share and seed.</param>
public sealed class ProjectSplit(CorpusOptions options)
{
    /// <summary>The split of a file.</summary>
    /// <param name="source">Its source.</param>
    /// <param name="relativePath">Path below the source's root, with '/'.</param>
    public CorpusSplit Of(CorpusSource source, string relativePath)
    {
        if (source.Test.Count + source.Validation.Count > 0)
        {
            return source.Test.Any(folder => CorpusSource.IsUnder(relativePath, folder)) ? CorpusSplit.Test
                : source.Validation.Any(folder => CorpusSource.IsUnder(relativePath, folder)) ? CorpusSplit.Validation
                : CorpusSplit.Train;
        }
        double chance = SeededHash.Unit(options.Seed, "split", $"{source.Name}/{ProjectFolder(relativePath)}");
        return chance < options.HeldOutShare ? CorpusSplit.Test
            : chance < 2 * options.HeldOutShare ? CorpusSplit.Validation
            : CorpusSplit.Train;
    }

    /// <summary>The first two folders of a path: "src/Parser/Lexer/Token.cs" is of "src/Parser".</summary>
    internal static string ProjectFolder(string relativePath)
    {
        string[] parts = relativePath.Split('/');
        return string.Join('/', parts.Take(Math.Min(2, parts.Length - 1)));
    }
}

using StableDiffCoder.Training.Corpus;

namespace StableDiffCoder.Training.Tokenizers;

/// <summary>A seeded sample of the training split, large enough for a tokenizer.</summary>
public static class CorpusSample
{
    /// <summary>Texts of about the wanted number of bytes, drawn by file, in the shards' order.</summary>
    /// <param name="corpusDirectory">A folder that <see cref="CorpusBuilder"/> wrote.</param>
    /// <param name="bytes">UTF-8 bytes wanted; the whole split when it has no more.</param>
    /// <param name="seed">Another seed draws other files.</param>
    public static IEnumerable<string> Train(string corpusDirectory, long bytes, int seed)
    {
        long total = CorpusManifest.Load(corpusDirectory).Splits[CorpusShard.FileName(CorpusSplit.Train)].TextBytes;
        double share = Math.Min(1.0, (double)bytes / Math.Max(1, total));
        return CorpusShard
            .Read(corpusDirectory, CorpusSplit.Train)
            .Where(document => SeededHash.Unit(seed, "tokenizer", document.Path) < share)
            .Select(document => document.Text);
    }
}

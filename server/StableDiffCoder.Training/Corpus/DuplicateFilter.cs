using System.Security.Cryptography;
using System.Text;

namespace StableDiffCoder.Training.Corpus;

/// <summary>What the search for duplicates needs of a text.</summary>
/// <param name="Hash">SHA-256 of the text, blank space left out.</param>
/// <param name="Shingles">Sorted hashes of its 5-line windows.</param>
/// <param name="Signature">MinHash of them.</param>
internal sealed record FileFingerprint(UInt128 Hash, ulong[] Shingles, uint[] Signature)
{
    public static FileFingerprint Of(string text)
    {
        string bare = string.Concat(text.Where(unit => !char.IsWhiteSpace(unit)));
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(bare));
        ulong[] shingles = Corpus.Shingles.Of(text);
        return new FileFingerprint(
            new UInt128(BitConverter.ToUInt64(hash, 0), BitConverter.ToUInt64(hash, 8)),
            shingles,
            MinHashIndex.Sign(shingles)
        );
    }
}

/// <summary>Drops exact and near duplicates, and training files that share text with held-out ones. Held-out files must come first.</summary>
internal sealed class DuplicateFilter(CorpusOptions options)
{
    private readonly HashSet<UInt128> hashes = [];
    private readonly HashSet<ulong> heldOutShingles = [];
    private readonly MinHashIndex index = new(options.NearDuplicateSimilarity);

    /// <summary>Judges a file and remembers it when it stays.</summary>
    public DropReason? Judge(CorpusSplit split, FileFingerprint print)
    {
        if (!hashes.Add(print.Hash))
        {
            return DropReason.ExactDuplicate;
        }
        if (split == CorpusSplit.Train && SharedWithHeldOut(print) >= options.LeakShare)
        {
            return DropReason.Leak;
        }
        if (!index.TryAdd(print.Signature))
        {
            return DropReason.NearDuplicate;
        }
        if (split != CorpusSplit.Train)
        {
            heldOutShingles.UnionWith(print.Shingles);
        }
        return null;
    }

    private double SharedWithHeldOut(FileFingerprint print) =>
        (double)print.Shingles.Count(heldOutShingles.Contains) / print.Shingles.Length;
}

namespace StableDiffCoder.Training.Corpus;

/// <summary>
/// Finds near duplicates: MinHash signatures (Broder 1997) estimate the Jaccard similarity of two shingle sets, and bands of the signature
/// (locality-sensitive hashing) find the candidates without comparing all pairs.
/// </summary>
/// <param name="similarity">Estimated similarity from which two files count as the same.</param>
public sealed class MinHashIndex(double similarity)
{
    /// <summary>Hashes in a signature: the estimate's standard error is √(s(1−s)/64), 0.06 at s = 0.7.</summary>
    public const int SignatureLength = 64;

    /// <summary>Rows in a band: with 16 bands of 4, a pair of similarity 0.7 is a candidate with probability 1 − (1 − 0.7⁴)¹⁶ = 0.99.</summary>
    private const int RowsPerBand = 4;

    private readonly List<uint[]> signatures = [];
    private readonly Dictionary<(int Band, ulong Rows), List<int>> buckets = [];

    /// <summary>The signature of a shingle set.</summary>
    /// <param name="shingles">At least one shingle.</param>
    public static uint[] Sign(ReadOnlySpan<ulong> shingles)
    {
        var signature = new uint[SignatureLength];
        Array.Fill(signature, uint.MaxValue);
        foreach (ulong shingle in shingles)
        {
            // Two independent halves give the whole family of hashes h1 + i·h2 (Kirsch and Mitzenmacher 2006).
            ulong mixed = Shingles.Mix(shingle);
            (uint first, uint second) = ((uint)mixed, (uint)(mixed >> 32) | 1);
            for (int i = 0; i < signature.Length; i++)
            {
                uint hash = first + ((uint)i * second);
                hash = (hash ^ (hash >> 16)) * 0x85EBCA6B;
                hash ^= hash >> 13;
                signature[i] = Math.Min(signature[i], hash);
            }
        }
        return signature;
    }

    /// <summary>Adds a file unless a file that is similar enough is there.</summary>
    /// <returns>Whether it was added.</returns>
    public bool TryAdd(uint[] signature)
    {
        var compared = new HashSet<int>();
        foreach ((int Band, ulong Rows) key in Bands(signature))
        {
            foreach (int other in buckets.GetValueOrDefault(key) ?? [])
            {
                if (compared.Add(other) && Similarity(signature, signatures[other]) >= similarity)
                {
                    return false;
                }
            }
        }
        foreach ((int Band, ulong Rows) key in Bands(signature))
        {
            if (!buckets.TryGetValue(key, out List<int>? bucket))
            {
                buckets[key] = bucket = [];
            }
            bucket.Add(signatures.Count);
        }
        signatures.Add(signature);
        return true;
    }

    /// <summary>The share of equal hashes, which estimates the Jaccard similarity of the sets.</summary>
    public static double Similarity(uint[] first, uint[] second) => first.Zip(second, (a, b) => a == b ? 1.0 : 0.0).Average();

    private static IEnumerable<(int Band, ulong Rows)> Bands(uint[] signature)
    {
        for (int start = 0; start < SignatureLength; start += RowsPerBand)
        {
            ulong rows = 0;
            for (int i = start; i < start + RowsPerBand; i++)
            {
                rows = Shingles.Mix(rows ^ signature[i]);
            }
            yield return (start / RowsPerBand, rows);
        }
    }
}

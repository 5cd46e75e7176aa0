namespace StableDiffCoder.Training.Corpus;

/// <summary>A text as the set of its 5-line windows; blank lines and indentation do not count.</summary>
public static class Shingles
{
    /// <summary>Lines in a window.</summary>
    public const int Lines = 5;

    /// <summary>The distinct 64-bit hashes of the windows. A text with fewer lines has one window.</summary>
    /// <param name="text">Source text with LF line ends.</param>
    public static ulong[] Of(string text)
    {
        var lines = new List<ulong>();
        foreach (ReadOnlySpan<char> line in text.AsSpan().EnumerateLines())
        {
            ReadOnlySpan<char> content = line.Trim();
            if (!content.IsEmpty)
            {
                lines.Add(HashLine(content));
            }
        }
        var shingles = new HashSet<ulong>();
        for (int start = 0; start == 0 || start + Lines <= lines.Count; start++)
        {
            ulong hash = 0;
            for (int i = start; i < Math.Min(start + Lines, lines.Count); i++)
            {
                hash = Mix(hash ^ lines[i]);
            }
            shingles.Add(hash);
        }
        ulong[] sorted = [.. shingles];
        Array.Sort(sorted);
        return sorted;
    }

    /// <summary>The finalizer of SplitMix64 (Steele, Lea, Flood 2014): each input bit flips each output bit with probability 1/2.</summary>
    internal static ulong Mix(ulong value)
    {
        value += 0x9E3779B97F4A7C15;
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }

    private static ulong HashLine(ReadOnlySpan<char> line)
    {
        ulong hash = 0xCBF29CE484222325;
        foreach (char unit in line)
        {
            if (!char.IsWhiteSpace(unit))
            {
                hash = (hash ^ unit) * 0x100000001B3;
            }
        }
        return hash;
    }
}

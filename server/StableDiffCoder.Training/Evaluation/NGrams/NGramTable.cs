namespace StableDiffCoder.Training.Evaluation.NGrams;

/// <summary>
/// How often each n-gram of up to <see cref="Order"/> tokens occurs in a text: the distinct windows of that many tokens, sorted, with running
/// counts. A shorter n-gram is a range of windows with a common start, so one table serves every order; 20 bytes a distinct window.
/// </summary>
public sealed class NGramTable
{
    private readonly UInt128[] windows;
    private readonly uint[] before;
    private readonly int bits;

    private NGramTable(UInt128[] windows, uint[] before, int bits, int order, int vocabularySize)
    {
        (this.windows, this.before, this.bits) = (windows, before, bits);
        (Order, VocabularySize) = (order, vocabularySize);
    }

    /// <summary>Tokens in a window.</summary>
    public int Order { get; }

    /// <summary>Every id is below this.</summary>
    public int VocabularySize { get; }

    /// <summary>Windows counted, which is the number of tokens.</summary>
    public long Total => before[^1];

    /// <summary>Counts documents; no n-gram crosses from one to the next.</summary>
    /// <param name="documents">Token ids below <paramref name="vocabularySize"/>; at most 2^31 − 1 in all.</param>
    /// <param name="order">Tokens in a window.</param>
    /// <param name="vocabularySize">Of the tokenizer.</param>
    /// <exception cref="ArgumentException">A window of this order does not fit 128 bits.</exception>
    public static NGramTable Count(IReadOnlyList<ReadOnlyMemory<ushort>> documents, int order, int vocabularySize)
    {
        // One symbol more than there are tokens: it fills the windows that run over a document's end.
        int bits = 32 - int.LeadingZeroCount(vocabularySize);
        if (order < 1 || bits * order > 128)
        {
            throw new ArgumentException($"windows of {order} tokens of {bits} bits do not fit 128 bits; use an order of 1 to {128 / bits}");
        }
        var all = new UInt128[documents.Sum(document => (long)document.Length)];
        int next = 0;
        foreach (ReadOnlyMemory<ushort> document in documents)
        {
            AddWindows(document.Span, all.AsSpan(next, document.Length), order, bits, vocabularySize);
            next += document.Length;
        }
        Array.Sort(all);
        return Compact(all, bits, order, vocabularySize);
    }

    /// <summary>How often an n-gram occurs.</summary>
    public long CountOf(ReadOnlySpan<int> ngram)
    {
        (int low, int high) = Find(ngram);
        return before[high] - before[low];
    }

    /// <summary>Calls back with every token that follows a context, and how often it does, in ascending order of ids.</summary>
    /// <param name="context">At most <see cref="Order"/> − 1 tokens.</param>
    /// <param name="follower">Receives token, its count, and the count of all followers together.</param>
    public void ForEachFollower(ReadOnlySpan<int> context, Action<int, long, long> follower)
    {
        (int low, int high) = Find(context);
        long total = before[high] - before[low];
        int shift = bits * (Order - context.Length - 1);
        UInt128 mask = (UInt128.One << bits) - 1;
        while (low < high)
        {
            int token = (int)((windows[low] >> shift) & mask);
            int end = LowerBound(((windows[low] >> shift) + 1) << shift, low, high);
            if (token < VocabularySize)
            {
                follower(token, before[end] - before[low], total);
            }
            low = end;
        }
    }

    private static void AddWindows(ReadOnlySpan<ushort> document, Span<UInt128> result, int order, int bits, int end)
    {
        UInt128 mask = bits * order == 128 ? UInt128.MaxValue : (UInt128.One << (bits * order)) - 1;
        UInt128 window = 0;
        for (int i = 0; i < order; i++)
        {
            window = (window << bits) | (uint)end;
        }
        for (int i = document.Length - 1; i >= 0; i--)
        {
            window = (window >> bits) | ((UInt128)document[i] << (bits * (order - 1)));
            result[i] = window & mask;
        }
    }

    private static NGramTable Compact(UInt128[] sorted, int bits, int order, int vocabularySize)
    {
        int distinct = 0;
        for (int i = 0; i < sorted.Length; i++)
        {
            distinct += i == 0 || sorted[i] != sorted[i - 1] ? 1 : 0;
        }
        var windows = new UInt128[distinct];
        var before = new uint[distinct + 1];
        int at = -1;
        for (int i = 0; i < sorted.Length; i++)
        {
            if (i == 0 || sorted[i] != sorted[i - 1])
            {
                windows[++at] = sorted[i];
            }
            before[at + 1] = (uint)i + 1;
        }
        return new NGramTable(windows, before, bits, order, vocabularySize);
    }

    private (int Low, int High) Find(ReadOnlySpan<int> ngram)
    {
        UInt128 start = 0;
        foreach (int token in ngram)
        {
            start = (start << bits) | (uint)token;
        }
        int shift = bits * (Order - ngram.Length);
        if (ngram.IsEmpty)
        {
            return (0, windows.Length);
        }
        int low = LowerBound(start << shift, 0, windows.Length);
        // No overflow: a window's first symbol is a token, and the filler above all tokens fits the bits too.
        return (low, LowerBound((start + 1) << shift, low, windows.Length));
    }

    /// <summary>First index in [low, high) whose window is not below the value, looked for near low first.</summary>
    private int LowerBound(UInt128 value, int low, int high)
    {
        int step = 1;
        while (low + step < high && windows[low + step] < value)
        {
            low += step;
            step *= 2;
        }
        high = Math.Min(high, low + step + 1);
        while (low < high)
        {
            int middle = low + ((high - low) / 2);
            if (windows[middle] < value)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }
        return low;
    }
}

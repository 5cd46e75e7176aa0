namespace StableDiffCoder.Engine.Tokenization;

/// <summary>
/// Where each token lies in the text that was encoded, in UTF-16 code units of the text as given, before normalization. The spans follow
/// one another without gap or overlap and cover the text. A character that several tokens share belongs to the one that completes it; the
/// others have empty spans in front of it.
/// </summary>
public sealed class OffsetMap
{
    private readonly int[] ends;

    internal OffsetMap(int[] ends) => this.ends = ends;

    /// <summary>Number of tokens.</summary>
    public int Count => ends.Length;

    /// <summary>The span of a token.</summary>
    public Utf16Span this[int token]
    {
        get
        {
            var start = token == 0 ? 0 : ends[token - 1];
            return new Utf16Span(start, ends[token] - start);
        }
    }

    /// <summary>How many of the first tokens end at or before a position of the text; the next one reaches beyond it.</summary>
    public int TokensBefore(int position)
    {
        var (low, high) = (0, ends.Length);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            (low, high) = ends[middle] <= position ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}

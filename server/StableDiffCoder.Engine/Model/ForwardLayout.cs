using static TorchSharp.torch;

namespace StableDiffCoder.Engine.Model;

/// <summary>A run of rows of one forward.</summary>
/// <param name="First">Its first row.</param>
/// <param name="Count">Number of rows.</param>
public readonly record struct RowRange(int First, int Count);

/// <summary>
/// The rows of a forward that computes several versions of the same positions side by side. Every row sees all cached positions, its own
/// segment, and the earlier rows that its segment names.
/// </summary>
public sealed class ForwardLayout
{
    private readonly List<int> ids = [];
    private readonly List<int> positions = [];
    private readonly List<Segment> segments = [];

    /// <summary>Ids of all rows.</summary>
    public IReadOnlyList<int> Ids => ids;

    /// <summary>Absolute position of each row.</summary>
    public IReadOnlyList<int> Positions => positions;

    /// <summary>Adds tokens at consecutive positions.</summary>
    /// <param name="tokenIds">At least one id.</param>
    /// <param name="start">Position of the first.</param>
    /// <param name="causal">Whether a row sees only rows up to itself in this segment; else it sees all of it.</param>
    /// <param name="sees">Earlier rows that all rows of the segment see.</param>
    public RowRange Add(ReadOnlySpan<int> tokenIds, int start, bool causal = false, RowRange sees = default)
    {
        var rows = new RowRange(ids.Count, tokenIds.Length);
        ids.AddRange(tokenIds);
        positions.AddRange(Enumerable.Range(start, tokenIds.Length));
        segments.Add(new Segment(rows, causal, sees));
        return rows;
    }

    /// <summary>Equal for layouts whose masks are equal behind as many cached positions.</summary>
    internal string Shape => string.Join(';', segments);

    /// <summary>Which row sees which key: the cached ones first, then the rows of this forward.</summary>
    /// <returns>[T, cached + T], true where seen.</returns>
    internal Tensor Mask(int cached, Device device)
    {
        return tensor(Seen(cached), [ids.Count, cached + ids.Count], ScalarType.Bool, device);
    }

    /// <summary>The same as an array, row by row.</summary>
    internal bool[] Seen(int cached)
    {
        int keys = cached + ids.Count;
        var seen = new bool[ids.Count * keys];
        foreach ((RowRange rows, bool causal, RowRange sees) in segments)
        {
            for (int row = rows.First; row < rows.First + rows.Count; row++)
            {
                Span<bool> line = seen.AsSpan(row * keys, keys);
                line[..cached].Fill(true);
                line.Slice(cached + sees.First, sees.Count).Fill(true);
                line.Slice(cached + rows.First, causal ? row + 1 - rows.First : rows.Count).Fill(true);
            }
        }
        return seen;
    }

    private readonly record struct Segment(RowRange Rows, bool Causal, RowRange Sees);
}

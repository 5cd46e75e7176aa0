using static TorchSharp.torch;

namespace StableDiffCoder.Engine.Model;

/// <summary>
/// Which positions of a row see which, cut into tiles, so that a tile no query sees into is not computed: the layouts of training see a
/// quarter to a half of all pairs. The result is that of one masked attention.
/// </summary>
public sealed class AttentionTiles : IDisposable
{
    private readonly int tile;
    private readonly List<Band> bands = [];

    /// <summary>Cuts a pattern into tiles.</summary>
    /// <param name="length">Positions, T.</param>
    /// <param name="sees">Whether a query (first) sees a key (second); each query sees at least one key.</param>
    /// <param name="dtype">The model's type.</param>
    /// <param name="device">Where the model is.</param>
    /// <param name="tile">Positions a tile has on a side; the whole where it does not divide T.</param>
    public AttentionTiles(int length, Func<int, int, bool> sees, ScalarType dtype, Device device, int tile = 256)
    {
        this.tile = length % tile == 0 ? tile : length;
        Length = length;
        int count = length / this.tile;
        for (int row = 0; row < count; row++)
        {
            int[] seen = [.. Enumerable.Range(0, count).Where(column => AnySeen(row, column, sees))];
            bands.Add(new Band(seen, Mask(row, seen, sees, dtype, device)));
        }
    }

    /// <summary>Positions, T.</summary>
    public int Length { get; }

    /// <summary>Share of all pairs of positions that is computed.</summary>
    public double ComputedShare => bands.Sum(band => (double)band.Seen.Count) * tile * tile / ((double)Length * Length);

    /// <summary>Scaled dot-product attention under the pattern.</summary>
    /// <param name="query">[B, H, T, Dh].</param>
    /// <param name="key">[B, H, T, Dh].</param>
    /// <param name="value">[B, H, T, Dh].</param>
    /// <returns>[B, H, T, Dh].</returns>
    internal Tensor Attend(Tensor query, Tensor key, Tensor value)
    {
        if (bands.Count == 1)
        {
            return nn.functional.scaled_dot_product_attention(query, key, value, bands[0].Mask);
        }
        // Split once: its gradient is one concatenation, where that of a slice is a tensor of the whole size.
        Tensor[] queries = query.split(tile, 2);
        Tensor[] keys = key.split(tile, 2);
        Tensor[] values = value.split(tile, 2);
        return cat(
            [
                .. bands.Select(
                    (band, row) =>
                        nn.functional.scaled_dot_product_attention(queries[row], Joined(keys, band), Joined(values, band), band.Mask)
                ),
            ],
            2
        );
    }

    /// <inheritdoc/>
    public void Dispose() => bands.ForEach(band => band.Mask?.Dispose());

    private static Tensor Joined(Tensor[] tiles, Band band) => cat([.. band.Seen.Select(column => tiles[column])], 2);

    private bool AnySeen(int row, int column, Func<int, int, bool> sees) =>
        Enumerable.Range(row * tile, tile).Any(i => Enumerable.Range(column * tile, tile).Any(j => sees(i, j)));

    // Additive, 0 or −∞, [tile, keys]; null when all is seen.
    private Tensor? Mask(int row, int[] seen, Func<int, int, bool> sees, ScalarType dtype, Device device)
    {
        float[] values =
        [
            .. Enumerable
                .Range(row * tile, tile)
                .SelectMany(i =>
                    seen.SelectMany(column => Enumerable.Range(column * tile, tile).Select(j => sees(i, j) ? 0 : float.NegativeInfinity))
                ),
        ];
        if (values.All(value => value == 0))
        {
            return null;
        }
        using var scope = NewDisposeScope();
        return tensor(values, [tile, (long)seen.Length * tile], device: device).to(dtype).DetachFromDisposeScope();
    }

    /// <summary>A row of tiles: the columns some query of it sees, and which of their pairs.</summary>
    private sealed record Band(IReadOnlyList<int> Seen, Tensor? Mask);
}

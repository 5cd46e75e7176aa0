using static TorchSharp.torch;

namespace StableDiffCoder.Engine.Model;

/// <summary>What each position of a forward sees; neither: all see all.</summary>
/// <param name="Mask">[T, S], true where a query (row) sees a key (column); S counts cached positions too.</param>
/// <param name="Tiles">The same for a forward without a cache, in tiles.</param>
public readonly record struct AttentionView(Tensor? Mask, AttentionTiles? Tiles = null)
{
    /// <summary>Scaled dot-product attention of [B, H, T, Dh] queries over [B, H, S, Dh] keys and values.</summary>
    internal Tensor Attend(Tensor query, Tensor key, Tensor value) =>
        Tiles?.Attend(query, key, value) ?? nn.functional.scaled_dot_product_attention(query, key, value, Mask);
}

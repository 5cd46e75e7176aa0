using static TorchSharp.torch;

namespace StableDiffCoder.Engine.Model;

/// <summary>
/// The masks of the last few kinds of forwards, on the device: the steps of a block, and of the requests after it, ask for the same ones
/// again. Used by one thread.
/// </summary>
/// <param name="device">Where masks are needed.</param>
internal sealed class AttentionMaskCache(Device device) : IDisposable
{
    private const int MostMasks = 16;

    // 1 MiB: a mask of a long prompt is cheap beside the prompt, and not worth its memory.
    private const long LargestMask = 1 << 20;

    private readonly Dictionary<object, Tensor?> masks = [];

    /// <summary>How many masks are kept.</summary>
    public int Count => masks.Count;

    /// <summary>As <see cref="AttentionMask.For"/>; the mask is the cache's own until the next call.</summary>
    public Tensor? For(AttentionPattern pattern, int start, int count) =>
        Find((pattern, start, count), (long)count * (start + count), () => AttentionMask.For(pattern, start, count, device));

    /// <summary>As <see cref="ForwardLayout.Mask"/>; the mask is the cache's own until the next call.</summary>
    public Tensor? For(ForwardLayout layout, int cached) =>
        Find((layout.Shape, cached), (long)layout.Ids.Count * (cached + layout.Ids.Count), () => layout.Mask(cached, device));

    private Tensor? Find(object key, long elements, Func<Tensor?> make)
    {
        if (masks.TryGetValue(key, out Tensor? known))
        {
            return known;
        }
        if (elements > LargestMask)
        {
            return make();
        }
        if (masks.Count == MostMasks)
        {
            Clear();
        }
        Tensor? mask = make();
        mask?.DetachFromDisposeScope();
        masks.Add(key, mask);
        return mask;
    }

    private void Clear()
    {
        foreach (Tensor? mask in masks.Values)
        {
            mask?.Dispose();
        }
        masks.Clear();
    }

    /// <inheritdoc/>
    public void Dispose() => Clear();
}

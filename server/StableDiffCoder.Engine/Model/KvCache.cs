using static TorchSharp.torch;

namespace StableDiffCoder.Engine.Model;

/// <summary>
/// Keys and values of finished blocks, one buffer pair a layer, allocated once. A forward writes its own keys and values behind the
/// finished ones to attend over both; only <see cref="Commit"/> makes them part of the cache, so a block still being denoised leaves no trace.
/// </summary>
public sealed class KvCache : IDisposable
{
    private readonly Tensor[] keys; // each [1, Hkv, capacity, Dh]
    private readonly Tensor[] values;

    /// <summary>Allocates the buffers.</summary>
    /// <param name="config">Shape of the model.</param>
    /// <param name="capacity">Most positions, finished and in work together.</param>
    /// <param name="dtype">Type of the activations.</param>
    /// <param name="device">Where the model is.</param>
    public KvCache(ModelConfig config, int capacity, ScalarType dtype, Device device)
    {
        Capacity = capacity;
        Tensor Buffer() =>
            empty(1, config.KeyValueHeadCount, capacity, config.HeadDimension, dtype: dtype, device: device).DetachFromDisposeScope();
        keys = [.. Enumerable.Range(0, config.LayerCount).Select(_ => Buffer())];
        values = [.. Enumerable.Range(0, config.LayerCount).Select(_ => Buffer())];
    }

    /// <summary>Most positions the cache can hold.</summary>
    public int Capacity { get; }

    /// <summary>Finished positions.</summary>
    public int Length { get; private set; }

    /// <summary>Makes the last <paramref name="count"/> written positions part of the cache.</summary>
    public void Commit(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Length + count, Capacity, nameof(count));
        Length += count;
    }

    /// <summary>Forgets every position from <paramref name="length"/> on.</summary>
    public void Truncate(int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, Length);
        Length = length;
    }

    /// <summary>Writes new keys and values behind the finished ones.</summary>
    /// <param name="layer">Index of the layer.</param>
    /// <param name="key">[1, Hkv, T, Dh].</param>
    /// <param name="value">[1, Hkv, T, Dh].</param>
    /// <returns>Views of finished and new positions together, [1, Hkv, Length + T, Dh].</returns>
    internal (Tensor Keys, Tensor Values) Write(int layer, Tensor key, Tensor value)
    {
        long count = key.shape[2];
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Length + count, Capacity, nameof(key));
        keys[layer].narrow(2, Length, count).copy_(key);
        values[layer].narrow(2, Length, count).copy_(value);
        return (keys[layer].narrow(2, 0, Length + count), values[layer].narrow(2, 0, Length + count));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Tensor buffer in keys.Concat(values))
        {
            buffer.Dispose();
        }
    }
}

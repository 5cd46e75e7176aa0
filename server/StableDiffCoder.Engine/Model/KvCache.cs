using StableDiffCoder.Engine.Kernels;
using TorchSharp;
using static TorchSharp.torch;

namespace StableDiffCoder.Engine.Model;

/// <summary>
/// Keys and values of finished blocks, one buffer pair a layer, allocated once. A forward writes its own keys and values behind the
/// finished ones to attend over both; only <see cref="Commit"/> makes them part of the cache, so a block still being denoised leaves no trace.
/// </summary>
public sealed class KvCache : IDisposable
{
    // A text that grows by a token at a time moves rarely.
    private const int GrowthStep = 256;

    private readonly Tensor[] keys; // each [1, Hkv, capacity, Dh]
    private readonly Tensor[] values;
    private readonly Func<long, Tensor> allocate;
    private readonly KeyValueMemory[] memory; // where the buffers are; empty when no kernel can read them

    /// <summary>Allocates the buffers.</summary>
    /// <param name="config">Shape of the model.</param>
    /// <param name="capacity">Most positions, finished and in work together.</param>
    /// <param name="dtype">Type of the activations.</param>
    /// <param name="device">Where the model is.</param>
    public KvCache(ModelConfig config, int capacity, ScalarType dtype, Device device)
    {
        Capacity = capacity;
        allocate = positions =>
            empty(1, config.KeyValueHeadCount, positions, config.HeadDimension, dtype: dtype, device: device).DetachFromDisposeScope();
        keys = [.. Enumerable.Range(0, config.LayerCount).Select(_ => allocate(capacity))];
        values = [.. Enumerable.Range(0, config.LayerCount).Select(_ => allocate(capacity))];
        memory = new KeyValueMemory[KernelsCanRead(dtype, device) ? config.LayerCount : 0];
        LocateMemory();
        BytesPerToken = 2L * config.LayerCount * config.KeyValueHeadCount * config.HeadDimension * keys[0].element_size();
    }

    /// <summary>Most positions the cache can hold.</summary>
    public int Capacity { get; private set; }

    /// <summary>Memory of one position's keys and values over all layers.</summary>
    public long BytesPerToken { get; }

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

    /// <summary>Makes room for <paramref name="positions"/> positions, and a few more when it has to move; the finished ones stay.</summary>
    public void Reserve(int positions)
    {
        if (positions <= Capacity)
        {
            return;
        }
        int capacity = (positions + GrowthStep - 1) / GrowthStep * GrowthStep;
        // A buffer that is replaced holds what is finished, so that a failure between two layers leaves the cache whole.
        foreach (Tensor[] buffers in (Tensor[][])[keys, values])
        {
            for (int layer = 0; layer < buffers.Length; layer++)
            {
                using var scope = NewDisposeScope();
                Tensor larger = allocate(capacity);
                larger.narrow(2, 0, Length).copy_(buffers[layer].narrow(2, 0, Length));
                buffers[layer].Dispose();
                buffers[layer] = larger;
            }
        }
        Capacity = capacity;
        LocateMemory();
    }

    /// <summary>A copy of finished positions, to be <see cref="Append"/>ed later.</summary>
    /// <returns>[2·layers, Hkv, <paramref name="count"/>, Dh], outside every scope: each layer's keys, then its values.</returns>
    public Tensor Copy(int start, int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(start + count, Length, nameof(count));
        using var scope = NewDisposeScope();
        IEnumerable<Tensor> buffers = keys.Zip(values).SelectMany(pair => (Tensor[])[pair.First, pair.Second]);
        return cat([.. buffers.Select(buffer => buffer.narrow(2, start, count))], 0).DetachFromDisposeScope();
    }

    /// <summary>Puts copied positions behind the finished ones and makes them finished; capacity must be there.</summary>
    /// <param name="copied">From <see cref="Copy"/>, of these same positions.</param>
    /// <param name="from">First of its positions to take.</param>
    /// <param name="count">How many to take.</param>
    public void Append(Tensor copied, int from, int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Length + count, Capacity, nameof(count));
        using var scope = NewDisposeScope();
        for (int layer = 0; layer < keys.Length; layer++)
        {
            keys[layer].narrow(2, Length, count).copy_(copied.narrow(0, 2L * layer, 1).narrow(2, from, count));
            values[layer].narrow(2, Length, count).copy_(copied.narrow(0, (2L * layer) + 1, 1).narrow(2, from, count));
        }
        Length += count;
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

    /// <summary>Where a layer's buffers are, until the next <see cref="Reserve"/>; float32 or bfloat16 on the CPU only.</summary>
    internal KeyValueMemory Memory(int layer) => memory[layer];

    private static bool KernelsCanRead(ScalarType dtype, Device device) =>
        device.type == DeviceType.CPU && dtype is ScalarType.Float32 or ScalarType.BFloat16;

    private unsafe void LocateMemory()
    {
        for (int layer = 0; layer < memory.Length; layer++)
        {
            memory[layer] = new KeyValueMemory(
                (byte*)TensorMemory.Of(keys[layer]),
                (byte*)TensorMemory.Of(values[layer]),
                Capacity,
                DecodeWeights.FormatOf(keys[layer].dtype)
            );
        }
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

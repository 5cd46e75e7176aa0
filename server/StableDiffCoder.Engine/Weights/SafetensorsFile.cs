using System.IO.MemoryMappedFiles;
using TorchSharp;

namespace StableDiffCoder.Engine.Weights;

/// <summary>A memory-mapped safetensors file. Pages are read from disk when they are first touched. Not thread-safe while being disposed.</summary>
public sealed unsafe class SafetensorsFile : IDisposable
{
    private readonly MemoryMappedFile mapping;
    private readonly MemoryMappedViewAccessor view;
    private readonly byte* start;
    private bool disposed;

    private SafetensorsFile(string path, SafetensorsHeader header, MemoryMappedFile mapping, MemoryMappedViewAccessor view)
    {
        Path = path;
        Header = header;
        this.mapping = mapping;
        this.view = view;
        byte* pointer = null;
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref pointer);
        start = pointer + view.PointerOffset;
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>What the file holds.</summary>
    public SafetensorsHeader Header { get; }

    /// <summary>Maps a file and checks its header.</summary>
    /// <exception cref="ModelLoadException">The file cannot be read or is not a valid safetensors file.</exception>
    public static SafetensorsFile Open(string path)
    {
        using FileStream stream = WeightFile.OpenRead(path);
        SafetensorsHeader header = SafetensorsHeader.Read(stream, path);
        MemoryMappedFile? mapping = null;
        try
        {
            // The stream that the header was read from, so that a file swapped in between is not mapped.
            mapping = MemoryMappedFile.CreateFromFile(
                stream,
                null,
                0,
                MemoryMappedFileAccess.Read,
                HandleInheritability.None,
                leaveOpen: true
            );
            MemoryMappedViewAccessor view = mapping.CreateViewAccessor(0, stream.Length, MemoryMappedFileAccess.Read);
            return new SafetensorsFile(path, header, mapping, view);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            mapping?.Dispose();
            throw new ModelLoadException(path, $"{path} cannot be mapped into memory: {error.Message}", error);
        }
    }

    /// <summary>Bytes of an entry; valid until this object is disposed.</summary>
    /// <param name="entry">An entry of this file's header.</param>
    /// <param name="offset">First byte, counted from the entry's start.</param>
    /// <param name="length">Bytes; a tensor of 2 GiB or more is read in pieces.</param>
    /// <exception cref="ArgumentException">The entry is not of this file.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The range leaves the entry.</exception>
    public ReadOnlySpan<byte> Bytes(SafetensorsEntry entry, long offset, int length)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        if (!Header.Entries.TryGetValue(entry.Name, out SafetensorsEntry? own) || !ReferenceEquals(own, entry))
        {
            throw new ArgumentException($"'{entry.Name}' is not an entry of {Path}.", nameof(entry));
        }
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, entry.ByteLength - length);
        return new ReadOnlySpan<byte>(start + entry.Offset + offset, length);
    }

    /// <summary>A copy of a float tensor on the CPU, in its stored type.</summary>
    /// <exception cref="ModelLoadException">There is no such tensor, or its type is not one of F32, F16, BF16.</exception>
    public torch.Tensor Read(string name)
    {
        if (!Header.Entries.TryGetValue(name, out SafetensorsEntry? entry))
        {
            throw new ModelLoadException(Path, $"{Path} lacks '{name}'; download it again or check --model.") { MissingNames = [name] };
        }
        torch.ScalarType type =
            entry.ElementType.ScalarType
            ?? throw new ModelLoadException(
                Path,
                $"{Path}: '{name}' is stored as {entry.ElementType.Name}; weights are read from F32, F16 and BF16."
            );
        torch.Tensor tensor = torch.empty([.. entry.Shape], dtype: type);
        WeightCopy.Run(this, entry, WeightTarget.Of(tensor), static _ => { }, CancellationToken.None);
        return tensor;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!disposed)
        {
            disposed = true;
            view.SafeMemoryMappedViewHandle.ReleasePointer();
            view.Dispose();
            mapping.Dispose();
        }
    }
}

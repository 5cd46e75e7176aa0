using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace StableDiffCoder.Engine.Runtime;

/// <summary>
/// Marks one symbol version that a 64-bit little-endian ELF library needs as weak, so that the loader warns instead of refusing.
/// <para>
/// libLibTorchSharp.so needs GLIBCXX_3.4.32 for <c>std::ios_base_library_init</c> only, a symbol that no relocation uses; Debian 12 and
/// Ubuntu 22.04 carry 3.4.30. With VER_FLG_WEAK on that entry the library loads and works there.
/// </para>
/// Source: System V ABI, Linux Standard Base "Symbol Versioning" (Elfxx_Verneed, Elfxx_Vernaux).
/// </summary>
public static class ElfVersionNeeds
{
    private const uint SectionTypeVerneed = 0x6ffffffe;
    private const ushort VersionFlagWeak = 0x2;

    /// <summary>Path of a copy of <paramref name="library"/> in the user's cache folder whose need of <paramref name="version"/> is weak.</summary>
    /// <param name="library">The ELF file.</param>
    /// <param name="version">A symbol version, such as GLIBCXX_3.4.32.</param>
    /// <exception cref="DllNotFoundException">The file is not such a library, or does not need that version.</exception>
    public static string CachedWeakCopy(string library, string version)
    {
        byte[] image = File.ReadAllBytes(library);
        string name = $"{Convert.ToHexStringLower(SHA256.HashData(image))[..16]}-{Path.GetFileName(library)}";
        string directory = Path.Combine(CacheDirectory(), "native");
        string copy = Path.Combine(directory, name);
        if (File.Exists(copy))
        {
            return copy;
        }
        if (!TryMakeWeak(image, version))
        {
            throw new DllNotFoundException(
                $"{library} does not load here, and not for want of {version}; run 'ldd {library}' to see what it lacks."
            );
        }
        Directory.CreateDirectory(directory);
        string partial = $"{copy}.{Guid.NewGuid():N}";
        File.WriteAllBytes(partial, image);
        File.Move(partial, copy, overwrite: true);
        return copy;
    }

    /// <summary>Sets VER_FLG_WEAK on the entry for <paramref name="version"/>.</summary>
    /// <param name="image">A whole ELF64 file, changed in place.</param>
    /// <param name="version">A symbol version.</param>
    /// <returns>False when the image is no ELF64 little-endian file or has no such entry; it is then unchanged.</returns>
    public static bool TryMakeWeak(Span<byte> image, string version)
    {
        if (image.Length < 64 || !image[..6].SequenceEqual("\u007fELF\u0002\u0001"u8))
        {
            return false;
        }
        long sections = BinaryPrimitives.ReadInt64LittleEndian(image[0x28..]);
        int sectionSize = BinaryPrimitives.ReadUInt16LittleEndian(image[0x3a..]);
        int sectionCount = BinaryPrimitives.ReadUInt16LittleEndian(image[0x3c..]);
        for (int i = 0; i < sectionCount; i++)
        {
            if (!TrySection(image, sections + (long)i * sectionSize, out Section section) || section.Type != SectionTypeVerneed)
            {
                continue;
            }
            if (!TrySection(image, sections + (long)section.Link * sectionSize, out Section strings))
            {
                return false;
            }
            return MarkWeak(image, section, strings, version);
        }
        return false;
    }

    private static bool MarkWeak(Span<byte> image, Section needs, Section strings, string version)
    {
        byte[] wanted = Encoding.ASCII.GetBytes(version + "\0");
        for (long need = needs.Offset; Fits(image, need, 16); )
        {
            Span<byte> verneed = image[(int)need..];
            int auxiliaryCount = BinaryPrimitives.ReadUInt16LittleEndian(verneed[2..]);
            long auxiliary = need + BinaryPrimitives.ReadUInt32LittleEndian(verneed[8..]);
            for (int i = 0; i < auxiliaryCount && Fits(image, auxiliary, 16); i++)
            {
                Span<byte> vernaux = image[(int)auxiliary..];
                long name = strings.Offset + BinaryPrimitives.ReadUInt32LittleEndian(vernaux[8..]);
                if (Fits(image, name, wanted.Length) && image.Slice((int)name, wanted.Length).SequenceEqual(wanted))
                {
                    ushort flags = BinaryPrimitives.ReadUInt16LittleEndian(vernaux[4..]);
                    BinaryPrimitives.WriteUInt16LittleEndian(vernaux[4..], (ushort)(flags | VersionFlagWeak));
                    return true;
                }
                auxiliary += BinaryPrimitives.ReadUInt32LittleEndian(vernaux[12..]);
            }
            uint next = BinaryPrimitives.ReadUInt32LittleEndian(verneed[12..]);
            if (next == 0)
            {
                return false;
            }
            need += next;
        }
        return false;
    }

    private static bool TrySection(ReadOnlySpan<byte> image, long offset, out Section section)
    {
        section = default;
        if (!Fits(image, offset, 64))
        {
            return false;
        }
        ReadOnlySpan<byte> header = image[(int)offset..];
        section = new Section(
            BinaryPrimitives.ReadUInt32LittleEndian(header[4..]),
            BinaryPrimitives.ReadInt64LittleEndian(header[0x18..]),
            BinaryPrimitives.ReadUInt32LittleEndian(header[0x28..])
        );
        return true;
    }

    private static bool Fits(ReadOnlySpan<byte> image, long offset, long length) => offset >= 0 && offset <= image.Length - length;

    private static string CacheDirectory()
    {
        string? root = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
        if (string.IsNullOrEmpty(root))
        {
            string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
            root = home.Length > 0 ? Path.Combine(home, ".cache") : Path.GetTempPath();
        }
        return Path.Combine(root, "stable-diffcoder");
    }

    private readonly record struct Section(uint Type, long Offset, uint Link);
}

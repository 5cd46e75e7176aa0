using System.Globalization;

namespace StableDiffCoder.Lsp.Hosting;

/// <summary>How much memory a process may still take.</summary>
internal static class AvailableMemory
{
    private const string LinuxFile = "/proc/meminfo";

    /// <summary>Bytes that are free or can be freed at once, within the limit of the container if there is one.</summary>
    public static long Bytes()
    {
        GCMemoryInfo memory = GC.GetGCMemoryInfo(GCKind.Any);
        // Before the first collection the load is not known and counts as 0.
        long byRuntime = Math.Max(0, memory.TotalAvailableMemoryBytes - memory.MemoryLoadBytes);
        return File.Exists(LinuxFile) && ParseMeminfo(File.ReadAllText(LinuxFile)) is long bySystem
            ? Math.Min(bySystem, memory.TotalAvailableMemoryBytes)
            : byRuntime;
    }

    /// <summary>MemAvailable of /proc/meminfo in bytes; null when it is not there.</summary>
    public static long? ParseMeminfo(string text)
    {
        const string Name = "MemAvailable:";
        string? line = text.Split('\n').FirstOrDefault(line => line.StartsWith(Name, StringComparison.Ordinal));
        string? number = line?[Name.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault();
        return long.TryParse(number, CultureInfo.InvariantCulture, out long kibibytes) ? kibibytes * 1024 : null;
    }
}

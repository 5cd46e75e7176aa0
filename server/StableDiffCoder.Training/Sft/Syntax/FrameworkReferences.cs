using Microsoft.CodeAnalysis;

namespace StableDiffCoder.Training.Sft.Syntax;

/// <summary>
/// The framework's assemblies that corpus files use most, taken from the running framework: enough to know the types of most expressions.
/// Empty where the program carries the framework inside of one file; then the kinds that need types find nothing.
/// </summary>
internal static class FrameworkReferences
{
    private static readonly string[] Names =
    [
        "System.Private.CoreLib",
        "System.Runtime",
        "System.Collections",
        "System.Collections.Concurrent",
        "System.Collections.NonGeneric",
        "System.Collections.Specialized",
        "System.ComponentModel.Primitives",
        "System.Console",
        "System.Diagnostics.Process",
        "System.Globalization",
        "System.IO",
        "System.IO.FileSystem.DriveInfo",
        "System.IO.FileSystem.Watcher",
        "System.Linq",
        "System.Linq.AsyncEnumerable",
        "System.Linq.Expressions",
        "System.Linq.Parallel",
        "System.Linq.Queryable",
        "System.Memory",
        "System.Net.Http",
        "System.Net.Primitives",
        "System.ObjectModel",
        "System.Private.Uri",
        "System.Private.Xml",
        "System.Private.Xml.Linq",
        "System.Reflection.Metadata",
        "System.Runtime.Numerics",
        "System.Text.Encoding.CodePages",
        "System.Text.Encoding.Extensions",
        "System.Text.RegularExpressions",
        "System.Threading",
        "System.Threading.Tasks",
        "System.Threading.Tasks.Parallel",
        "System.Xml.ReaderWriter",
        "netstandard",
    ];

    private static readonly Lazy<IReadOnlyList<MetadataReference>> Loaded = new(Load);

    /// <summary>The references, read once.</summary>
    public static IReadOnlyList<MetadataReference> All => Loaded.Value;

    private static IReadOnlyList<MetadataReference> Load()
    {
        string assemblies = AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") as string ?? "";
        var wanted = Names.ToHashSet(StringComparer.Ordinal);
        return
        [
            .. assemblies
                .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
                .Where(path => wanted.Contains(Path.GetFileNameWithoutExtension(path)))
                .Select(path => MetadataReference.CreateFromFile(path)),
        ];
    }
}

using System.Text.Json;
using System.Text.Json.Serialization;

namespace StableDiffCoder.Training.Corpus;

/// <summary>One source tree of the corpus: where it comes from, under which licences, and which of its folders are held out.</summary>
public sealed record CorpusSource
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
    };

    /// <value>Name in the manifest and first part of every document's path, such as "mono".</value>
    public required string Name { get; init; }

    /// <value>Version in the manifest, such as "6.8.0.105"; empty when unknown.</value>
    public string Version { get; init; } = "";

    /// <value>Licence of every file that <see cref="FolderLicences"/> does not name.</value>
    public required string Licence { get; init; }

    /// <value>Licence by folder or file (relative, with '/'); the longest match wins.</value>
    public IReadOnlyDictionary<string, string> FolderLicences { get; init; } = new Dictionary<string, string>();

    /// <value>Endings of the files to read. Default ".cs".</value>
    public IReadOnlyList<string> Extensions { get; init; } = [".cs"];

    /// <value>Folders that are not read at all (relative, with '/').</value>
    public IReadOnlyList<string> Excluded { get; init; } = [];

    /// <value>Folders whose files all go to the validation split.</value>
    public IReadOnlyList<string> Validation { get; init; } = [];

    /// <value>Folders whose files all go to the test split.</value>
    public IReadOnlyList<string> Test { get; init; } = [];

    /// <value>The folder on disk. Not part of a description file.</value>
    [JsonIgnore]
    public string Root { get; init; } = "";

    /// <summary>Reads a description file and binds it to a folder.</summary>
    /// <exception cref="InvalidDataException">The file is not a corpus description; the message says where.</exception>
    public static CorpusSource Load(string descriptionFile, string root)
    {
        try
        {
            var source = JsonSerializer.Deserialize<CorpusSource>(File.ReadAllBytes(descriptionFile), Json);
            return (source ?? throw new JsonException("null")) with { Root = root };
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"{descriptionFile} is not a corpus description: {error.Message}", error);
        }
    }

    /// <summary>A source without a description: named after its folder, split by hash.</summary>
    public static CorpusSource Undescribed(string root) =>
        new()
        {
            Name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(root))),
            Licence = "unknown",
            Root = root,
        };

    /// <summary>The licence of a file of this source.</summary>
    /// <param name="relativePath">Path below <see cref="Root"/>, with '/'.</param>
    public string LicenceOf(string relativePath)
    {
        (int length, string licence) = (-1, Licence);
        foreach ((string folder, string folderLicence) in FolderLicences)
        {
            if (folder.Length > length && IsUnder(relativePath, folder))
            {
                (length, licence) = (folder.Length, folderLicence);
            }
        }
        return licence;
    }

    /// <summary>Whether a path is the folder (or file) itself or lies below it.</summary>
    public static bool IsUnder(string relativePath, string folder) =>
        relativePath.StartsWith(folder, StringComparison.Ordinal)
        && (relativePath.Length == folder.Length || folder.EndsWith('/') || relativePath[folder.Length] == '/');
}

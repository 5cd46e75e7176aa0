using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace StableDiffCoder.Training.Corpus;

/// <summary>
/// The corpus on disk: a folder with manifest.json and, for each split, files "{split}-00000.jsonl", … in UTF-8, one
/// <see cref="CorpusDocument"/> a line, sorted by source and path.
/// </summary>
public static class CorpusShard
{
    internal static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The shard files of a split, in order.</summary>
    /// <exception cref="FileNotFoundException">The folder has none.</exception>
    public static IReadOnlyList<string> Files(string corpusDirectory, CorpusSplit split)
    {
        string[] files = Directory.Exists(corpusDirectory) ? Directory.GetFiles(corpusDirectory, $"{FileName(split)}-*.jsonl") : [];
        if (files.Length == 0)
        {
            throw new FileNotFoundException(
                $"{corpusDirectory} has no {FileName(split)}-*.jsonl; make the corpus with `stable-diffcoder train corpus`"
            );
        }
        Array.Sort(files, StringComparer.Ordinal);
        return files;
    }

    /// <summary>Reads the documents of a split one after the other.</summary>
    /// <exception cref="InvalidDataException">A line is not a document; the message names file and line.</exception>
    public static IEnumerable<CorpusDocument> Read(string corpusDirectory, CorpusSplit split) =>
        Files(corpusDirectory, split).SelectMany(ReadFile);

    internal static string FileName(CorpusSplit split) =>
        split switch
        {
            CorpusSplit.Train => "train",
            CorpusSplit.Validation => "validation",
            _ => "test",
        };

    /// <summary>Reads the documents of one file one after the other.</summary>
    /// <exception cref="InvalidDataException">A line is not a document; the message names file and line.</exception>
    public static IEnumerable<CorpusDocument> ReadFile(string file)
    {
        int line = 0;
        foreach (string json in File.ReadLines(file, Encoding.UTF8))
        {
            line++;
            yield return Parse(json, file, line);
        }
    }

    private static CorpusDocument Parse(string json, string file, int line)
    {
        try
        {
            var document = JsonSerializer.Deserialize<CorpusDocument>(json, Json);
            return document is { Path: not null, Text: not null } ? document : throw new JsonException("path or text is missing");
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"{file}, line {line}: not a corpus document ({error.Message}); make the corpus again", error);
        }
    }
}

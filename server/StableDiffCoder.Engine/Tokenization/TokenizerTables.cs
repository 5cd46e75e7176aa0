using System.Text.Json;

namespace StableDiffCoder.Engine.Tokenization;

/// <summary>Reads the two large tables of tokenizer.json without making a string of every merge.</summary>
internal static class TokenizerTables
{
    /// <summary>Reads <c>vocab</c>, an object of token to id.</summary>
    /// <exception cref="FormatException">It is not such an object, or names a token twice.</exception>
    public static Dictionary<string, int> ReadVocabulary(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        Expect(reader.Read() && reader.TokenType == JsonTokenType.StartObject, "'model.vocab' is not an object of token to id.");
        var vocabulary = new Dictionary<string, int>(json.Length / 16, StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var token = reader.GetString()!;
            var isId = reader.Read() && reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out _);
            Expect(isId, $"the id of '{token}' in 'model.vocab' is not a whole number.");
            Expect(vocabulary.TryAdd(token, reader.GetInt32()), $"'model.vocab' has '{token}' twice.");
        }

        return vocabulary;
    }

    /// <summary>Reads <c>merges</c>: an array of "left right" or of ["left", "right"], the first learnt first.</summary>
    /// <returns>Rank and resulting id by <see cref="BytePairEncoder.Pair"/>.</returns>
    /// <exception cref="FormatException">An entry is neither, or a token of it is not in the vocabulary.</exception>
    public static Dictionary<long, (int Rank, int Id)> ReadMerges(ReadOnlySpan<byte> json, Dictionary<string, int> vocabulary)
    {
        var reader = new Utf8JsonReader(json);
        Expect(reader.Read() && reader.TokenType == JsonTokenType.StartArray, "'model.merges' is not an array.");
        var ids = vocabulary.GetAlternateLookup<ReadOnlySpan<char>>();
        var merges = new Dictionary<long, (int Rank, int Id)>(vocabulary.Count);
        var buffer = new char[256];
        for (var rank = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; rank++)
        {
            var (left, length) = ReadMerge(ref reader, ref buffer, rank);
            var merged = buffer.AsSpan(0, length);
            if (
                !ids.TryGetValue(merged[..left], out var leftId)
                || !ids.TryGetValue(merged[left..], out var rightId)
                || !ids.TryGetValue(merged, out var mergedId)
            )
            {
                throw new FormatException(
                    $"merge {rank} ('{merged[..left]}' with '{merged[left..]}') has a token that is not in 'model.vocab'."
                );
            }

            // Of two entries for one pair the last counts, as in Hugging Face's library.
            merges[BytePairEncoder.Pair(leftId, rightId)] = (rank, mergedId);
        }

        return merges;
    }

    /// <summary>Puts both halves of a merge next to each other into the buffer.</summary>
    private static (int Left, int Length) ReadMerge(ref Utf8JsonReader reader, ref char[] buffer, int rank)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            var length = Copy(ref reader, ref buffer, 0);
            var text = buffer.AsSpan(0, length);
            var space = text.IndexOf(' ');
            Expect(space >= 0 && space == text.LastIndexOf(' '), $"merge {rank} is not two tokens with a space between them.");
            text[(space + 1)..].CopyTo(text[space..]);
            return (space, length - 1);
        }

        var isPair = reader.TokenType == JsonTokenType.StartArray && reader.Read() && reader.TokenType == JsonTokenType.String;
        Expect(isPair, $"merge {rank} is neither a string nor a pair of strings.");
        var left = Copy(ref reader, ref buffer, 0);
        Expect(reader.Read() && reader.TokenType == JsonTokenType.String, $"merge {rank} lacks its second token.");
        var right = Copy(ref reader, ref buffer, left);
        Expect(reader.Read() && reader.TokenType == JsonTokenType.EndArray, $"merge {rank} has more than two tokens.");
        return (left, left + right);
    }

    private static int Copy(ref Utf8JsonReader reader, ref char[] buffer, int start)
    {
        // A string never has more characters than bytes.
        if (buffer.Length - start < reader.ValueSpan.Length)
        {
            Array.Resize(ref buffer, start + reader.ValueSpan.Length);
        }

        return reader.CopyString(buffer.AsSpan(start));
    }

    private static void Expect(bool condition, string message)
    {
        if (!condition)
        {
            throw new FormatException(message);
        }
    }
}

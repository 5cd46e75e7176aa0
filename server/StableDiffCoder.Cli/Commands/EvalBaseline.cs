using System.Text.Json;
using StableDiffCoder.Engine.Tokenization;
using StableDiffCoder.Training.Evaluation;
using StableDiffCoder.Training.Evaluation.NGrams;
using StableDiffCoder.Training.Tokens;

namespace StableDiffCoder.Cli.Commands;

/// <summary>The baseline of an evaluation: a 5-gram model counted now, or fills recorded earlier.</summary>
internal static class EvalBaseline
{
    /// <summary>Loads or counts it.</summary>
    /// <param name="path">A folder of token shards, or a file of recorded fills.</param>
    /// <param name="tokenLimit">Tokens that the 5-gram model reads.</param>
    /// <param name="tokenizer">The one that made the shards.</param>
    /// <exception cref="InvalidInputException">Neither the one nor the other.</exception>
    public static IHoleFiller Load(string path, long tokenLimit, Func<HuggingFaceTokenizer> tokenizer) =>
        Directory.Exists(path)
            ? TrainingInput.Read(path, folder => Count(folder, tokenLimit, tokenizer()))
            : TrainingInput.Read(path, RecordedHoleFiller.Read);

    private static NGramHoleFiller Count(string folder, long tokenLimit, HuggingFaceTokenizer tokenizer)
    {
        string[] shards = [.. Directory.GetFiles(folder, "train-*.bin").Order(StringComparer.Ordinal)];
        if (shards.Length == 0)
        {
            throw new InvalidInputException($"{folder} has no train-*.bin; make token shards with 'stable-diffcoder train tokens'.");
        }
        int vocabulary = VocabularyOf(Path.Combine(folder, "tokens.json"));
        if (vocabulary != tokenizer.VocabularySize)
        {
            throw new InvalidInputException(
                $"{folder} was made with a tokenizer of {vocabulary} tokens, and the model's has {tokenizer.VocabularySize}; "
                    + "the baseline needs the shards that the model was trained on."
            );
        }
        return new NGramHoleFiller(NGramModel.Train(shards.Select(TokenShard.Open), tokenLimit, vocabulary, new NGramOptions()), tokenizer);
    }

    private static int VocabularyOf(string manifest)
    {
        try
        {
            var tokens = JsonSerializer.Deserialize<TokenManifest>(File.ReadAllBytes(manifest), JsonSerializerOptions.Web);
            return tokens?.VocabularySize ?? throw new JsonException("null");
        }
        catch (JsonException error)
        {
            throw new InvalidInputException($"{manifest} is damaged ({error.Message}); make the token shards again.", error);
        }
    }
}

using StableDiffCoder.Engine.Model;
using StableDiffCoder.Engine.Tokenization;
using StableDiffCoder.Training.Data;
using StableDiffCoder.Training.Tokens;

namespace StableDiffCoder.Training.Running;

/// <summary>The shards of a run, read once, and the rows made of them.</summary>
internal sealed class TrainingData
{
    private readonly TrainingConfig config;
    private readonly HuggingFaceTokenizer tokenizer;
    private readonly TokenSource train;
    private readonly TokenSource validation;

    /// <summary>Reads the shards.</summary>
    /// <exception cref="TrainingException">One is missing, damaged, or made with another tokenizer; the message names it and the fix.</exception>
    public TrainingData(TrainingConfig config, HuggingFaceTokenizer tokenizer)
    {
        this.config = config;
        this.tokenizer = tokenizer;
        train = Open(config.Train, "train");
        validation = Open(config.Validation, "validation");
    }

    /// <summary>Rows to train a stage on.</summary>
    public RowBuilder TrainRows(StageConfig stage) => Rows(train, stage);

    /// <summary>Rows to validate a stage on.</summary>
    public RowBuilder ValidationRows(StageConfig stage) => Rows(validation, stage);

    private RowBuilder Rows(TokenSource source, StageConfig stage) =>
        new(
            source,
            tokenizer,
            config.ContextLength,
            config.FimShare,
            stage.InfillOrder == InfillOrder.InPlace ? new InPlaceLayout(tokenizer) : new FimLayout(tokenizer)
        );

    private TokenSource Open(IReadOnlyList<string> paths, string field)
    {
        TokenShard[] shards = [.. paths.Select(path => Open(path, field))];
        return shards.Any(shard => shard.Tokens.Length > 0)
            ? new TokenSource(shards)
            : throw new TrainingException($"The shards of '{field}' hold no tokens: {string.Join(", ", paths)}; write them again.");
    }

    private TokenShard Open(string path, string field)
    {
        try
        {
            TokenShard shard = TokenShard.Open(path);
            int largest = 0;
            foreach (ushort id in shard.Tokens)
            {
                largest = Math.Max(largest, id);
            }
            return largest < tokenizer.VocabularySize
                ? shard
                : throw new TrainingException(
                    $"{path} holds the id {largest}, and {config.Tokenizer} has {tokenizer.VocabularySize} tokens; write the shards again with this tokenizer."
                );
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new TrainingException(
                $"The shard {path} of '{field}' cannot be read: {error.Message} Check the config's path, or make it with 'train tokens'.",
                error
            );
        }
    }
}

using StableDiffCoder.Engine.Model;
using StableDiffCoder.Engine.Tokenization;
using StableDiffCoder.Training.Data;
using StableDiffCoder.Training.Sft;
using StableDiffCoder.Training.Tokens;

namespace StableDiffCoder.Training.Running;

/// <summary>The shards of a run, read once, and the rows made of them.</summary>
internal sealed class TrainingData
{
    private readonly TrainingConfig config;
    private readonly HuggingFaceTokenizer tokenizer;
    private readonly TokenSource train;
    private readonly TokenSource validation;
    private readonly EditSample[] edits;
    private readonly EditSample[] validationEdits;

    /// <summary>Reads the shards.</summary>
    /// <exception cref="TrainingException">One is missing, damaged, or made with another tokenizer; the message names it and the fix.</exception>
    public TrainingData(TrainingConfig config, HuggingFaceTokenizer tokenizer)
    {
        this.config = config;
        this.tokenizer = tokenizer;
        train = Open(config.Train, "train");
        validation = Open(config.Validation, "validation");
        edits = ReadEdits(config.Edits, "edits");
        validationEdits = ReadEdits(config.ValidationEdits, "validation_edits");
    }

    /// <summary>Rows to train a stage on.</summary>
    public IRowBuilder TrainRows(StageConfig stage) =>
        stage.Kind != StageKind.Sft ? Rows(train, stage)
        : stage.ReplayShare > 0 ? new MixedRowBuilder(EditRows(edits, stage), Rows(train, stage), stage.ReplayShare)
        : EditRows(edits, stage);

    /// <summary>Rows to validate a stage on.</summary>
    public IRowBuilder ValidationRows(StageConfig stage) =>
        stage.Kind == StageKind.Sft ? EditRows(validationEdits, stage) : Rows(validation, stage);

    private EditRowBuilder EditRows(EditSample[] samples, StageConfig stage) =>
        new(samples, tokenizer, EditTemplate.Of(config, tokenizer), config.For(stage).ContextLength);

    private RowBuilder Rows(TokenSource source, StageConfig stage) =>
        new(
            source,
            tokenizer,
            config.For(stage).ContextLength,
            stage.HolesOnly ? 1 : config.FimShare,
            stage.InfillOrder == InfillOrder.InPlace ? new InPlaceLayout(tokenizer) : new FimLayout(tokenizer, stage.HolesOnly),
            stage.LargestSample
        );

    private static EditSample[] ReadEdits(IReadOnlyList<string> paths, string field)
    {
        try
        {
            EditSample[] samples = [.. paths.SelectMany(EditShard.Read)];
            return samples.Length > 0 || paths.Count == 0
                ? samples
                : throw new TrainingException($"The files of '{field}' hold no samples: {string.Join(", ", paths)}; write them again.");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new TrainingException($"A file of '{field}' cannot be read: {error.Message}", error);
        }
    }

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

using System.CommandLine;
using System.Text.Json;
using StableDiffCoder.Cli.JsonLines;
using StableDiffCoder.Engine.Infilling;
using StableDiffCoder.Engine.Model;
using static TorchSharp.torch;

namespace StableDiffCoder.Cli.Commands;

/// <summary><c>score --jsonl F</c>: what the model thinks of each token of a sequence.</summary>
internal static class ScoreCommand
{
    // Rows of logits at a time: [64, 155136] in float64 is 80 MB.
    private const int RowsAtATime = 64;

    public static Command Create(GlobalOptions options, CommandConsole console) =>
        JsonLinesCommand.Create(
            "score",
            "Print the log-probability of each token of a sequence",
            [
                "Each line {\"ids\":[…],\"attention\":\"block-causal\"|\"causal\"|\"full\",\"block_length\":4}",
                "gives {\"argmax\":[…],\"logprob\":[…],\"top\":[…]}: per position the most probable id, the natural-log",
                "probability of the given id, and that of the most probable one. Nothing is shifted, nothing forbidden.",
                "attention and block_length default to the checkpoint's.",
            ],
            options,
            console,
            async (parsed, cancellationToken) => new Answerer(await ModelSession.LoadAsync(parsed, options, cancellationToken))
        );

    private sealed record Scores(int[] Argmax, double[] LogProbability, double[] Top);

    private sealed class Answerer(ModelSession session) : IJsonLineAnswerer
    {
        public async Task AnswerAsync(JsonFields request, Utf8JsonWriter answer, CancellationToken cancellationToken)
        {
            Scores scores = await session.RunAsync((model, token) => Score(model, request, token), cancellationToken);
            answer.WriteIds("argmax", scores.Argmax);
            answer.WriteNumbers("logprob", scores.LogProbability);
            answer.WriteNumbers("top", scores.Top);
        }

        public ValueTask DisposeAsync() => session.DisposeAsync();
    }

    private static Scores Score(LoadedModel model, JsonFields request, CancellationToken cancellationToken)
    {
        int[] ids = request.Ids("ids", model.Config.VocabSize);
        AttentionPattern pattern = Pattern(model.Config, request);
        if (ids.Length > model.Config.MaxPositionEmbeddings)
        {
            throw new InvalidInputException(
                $"'ids' has {ids.Length} tokens; this model has {model.Config.MaxPositionEmbeddings} positions (max_position_embeddings)"
            );
        }
        var scores = new Scores(new int[ids.Length], new double[ids.Length], new double[ids.Length]);
        if (ids.Length == 0)
        {
            return scores;
        }
        using var inference = inference_mode(true);
        using var scope = NewDisposeScope();
        Tensor hidden = model.Transformer.Forward(ids, pattern); // [T, D]
        for (int start = 0; start < ids.Length; start += RowsAtATime)
        {
            cancellationToken.ThrowIfCancellationRequested();
            ScoreRows(model.Transformer, hidden, ids, start, scores);
        }
        return scores;
    }

    private static void ScoreRows(DiffusionTransformer transformer, Tensor hidden, int[] ids, int start, Scores scores)
    {
        using var scope = NewDisposeScope();
        int count = Math.Min(RowsAtATime, ids.Length - start);
        Tensor logits = transformer.Logits(hidden.narrow(0, start, count)).to(ScalarType.Float64); // [R, V]
        Tensor logProbability = nn.functional.log_softmax(logits, 1); // [R, V]
        Tensor argmax = logits.argmax(1); // [R]
        Tensor given = tensor(ids[start..(start + count)].Select(id => (long)id).ToArray(), ScalarType.Int64, device: logits.device); // [R]
        CopyTo(scores.LogProbability, start, logProbability.gather(1, given.unsqueeze(1)));
        CopyTo(scores.Top, start, logProbability.gather(1, argmax.unsqueeze(1)));
        long[] best = argmax.cpu().data<long>().ToArray();
        for (int i = 0; i < count; i++)
        {
            scores.Argmax[start + i] = (int)best[i];
        }
    }

    private static void CopyTo(double[] destination, int start, Tensor column)
    {
        double[] values = column.cpu().data<double>().ToArray();
        if (!values.All(double.IsFinite))
        {
            throw new InvalidOperationException("the model's output is not finite; try --dtype float32, or check its weights");
        }
        values.CopyTo(destination, start);
    }

    private static AttentionPattern Pattern(ModelConfig config, JsonFields request)
    {
        int blockLength = request.Integer("block_length", config.BlockLength);
        if (blockLength < 1)
        {
            throw new InvalidInputException($"'block_length' is {blockLength}; use 1 or more");
        }
        return request.OptionalText("attention") switch
        {
            null => config.AttentionPattern.Kind == AttentionKind.Full ? AttentionPattern.Full : AttentionPattern.BlockCausal(blockLength),
            "block-causal" => AttentionPattern.BlockCausal(blockLength),
            "causal" => AttentionPattern.Causal,
            "full" => AttentionPattern.Full,
            string other => throw new InvalidInputException($"'attention' is \"{other}\"; use \"block-causal\", \"causal\" or \"full\""),
        };
    }
}

using System.CommandLine;
using System.Text.Json;
using StableDiffCoder.Cli.JsonLines;
using StableDiffCoder.Engine.Tokenization;

namespace StableDiffCoder.Cli.Commands;

/// <summary><c>detokenize --jsonl F</c>: token ids to text.</summary>
internal static class DetokenizeCommand
{
    public static Command Create(GlobalOptions options, CommandConsole console) =>
        JsonLinesCommand.Create(
            "detokenize",
            "Turn token ids into text",
            ["Each line {\"ids\":[…]} gives {\"text\":…}."],
            options,
            console,
            (parsed, _) => Task.FromResult<IJsonLineAnswerer>(new Answerer(ModelSession.LoadTokenizer(parsed, options)))
        );

    private sealed class Answerer(HuggingFaceTokenizer tokenizer) : IJsonLineAnswerer
    {
        public Task AnswerAsync(JsonFields request, Utf8JsonWriter answer, CancellationToken cancellationToken)
        {
            int[] ids = request.Ids("ids", tokenizer.VocabularySize);
            int unknown = Array.FindIndex(ids, id => !tokenizer.HasToken(id));
            if (unknown >= 0)
            {
                throw new InvalidInputException($"'ids'[{unknown}] is {ids[unknown]}; tokenizer.json has no token with this id");
            }
            answer.WriteString("text", tokenizer.Decode(ids));
            return Task.CompletedTask;
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}

using System.Text;
using System.Text.Json;
using StableDiffCoder.Cli.JsonLines;
using StableDiffCoder.Engine.Infilling;

namespace StableDiffCoder.Cli.Infilling;

/// <summary>What a command made of one span of a file.</summary>
/// <param name="Span">Of the file as it was.</param>
/// <param name="Text">The new text.</param>
/// <param name="Forwards">Runs of the model.</param>
/// <param name="Tokens">New tokens.</param>
/// <param name="Stop">Why it ended.</param>
internal sealed record SpanReport(TextSpan Span, string Text, int Forwards, int Tokens, InfillStop Stop)
{
    /// <summary>Prints <c>{"spans":[{"range":…,"text":…,"forwards":…,"tokens":…,"stop":…}],"model":…}</c>; ranges are those of LSP, from 0.</summary>
    public static void PrintJson(CommandConsole console, SourceFile file, IEnumerable<SpanReport> spans, string model)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, JsonLinesRunner.WriterOptions))
        {
            json.WriteStartObject();
            json.WriteStartArray("spans");
            foreach (SpanReport span in spans)
            {
                span.Write(json, file.Lines);
            }
            json.WriteEndArray();
            json.WriteString("model", model);
            json.WriteEndObject();
        }
        console.Output.Write(Encoding.UTF8.GetString(stream.ToArray()) + "\n");
    }

    private void Write(Utf8JsonWriter json, LineMap lines)
    {
        json.WriteStartObject();
        json.WriteStartObject("range");
        WritePosition(json, "start", lines.PositionAt(Span.Start));
        WritePosition(json, "end", lines.PositionAt(Span.End));
        json.WriteEndObject();
        json.WriteString("text", Text);
        json.WriteNumber("forwards", Forwards);
        json.WriteNumber("tokens", Tokens);
        json.WriteStop(Stop);
        json.WriteEndObject();
    }

    private static void WritePosition(Utf8JsonWriter json, string name, (int Line, int Character) position)
    {
        json.WriteStartObject(name);
        json.WriteNumber("line", position.Line);
        json.WriteNumber("character", position.Character);
        json.WriteEndObject();
    }
}

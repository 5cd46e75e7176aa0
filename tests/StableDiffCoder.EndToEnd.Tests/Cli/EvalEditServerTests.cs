using System.Text.Json;
using StableDiffCoder.EndToEnd.Tests.Lsp;
using StableDiffCoder.Lsp.Tests.Wire;
using StableDiffCoder.Training.Sft;

namespace StableDiffCoder.EndToEnd.Tests.Cli;

/// <summary>What <c>eval edit</c> measures is what an editor gets: the same edits through a server process and a plain client.</summary>
public sealed class EvalEditServerTests(TestModel model) : IClassFixture<TestModel>
{
    // Kinds of which the embedded model gets some right and some wrong; docs/benchmarks.md has the figures of all.
    private static readonly string[] Kinds = ["remove-async", "type-to-var", "to-block-body", "readonly-field"];

    // The last fields are of excerpts without their class, where their modifier is a syntax error unless they are read as members.
    private const int EditsOfEach = 3;

    [Fact]
    public async Task EvalEdit_ThroughTheServer_IsAsExactByKind()
    {
        string file = Path.GetTempFileName();
        try
        {
            string fixtures = RepositoryFile.Find("tests/fixtures/edits/csharp-heldout.jsonl");
            EditShard.Write(
                file,
                Kinds.SelectMany(kind => EditShard.Read(fixtures).Where(sample => sample.Kind == kind).TakeLast(EditsOfEach))
            );
            string[] arguments = ["eval", "edit", "--edits", file, "--model", model.Folder, "--threads", "1", "--json"];
            CliResult engine = await CliProcess.RunAsync(arguments);
            CliResult server = await CliProcess.RunAsync([.. arguments, "--server"]);
            Assert.True(engine.ExitCode == 0 && server.ExitCode == 0, engine.Error + server.Error);
            Assert.Equal(ExactByKind(engine), ExactByKind(server));
            Assert.Equal(Kinds.Length + 1, ExactByKind(server).Length);
            Assert.Equal(Exact(engine), Exact(server));
            Assert.Equal(Kinds.Length * EditsOfEach, Exact(server).Length);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static (string Kind, double ExactMatch)[] ExactByKind(CliResult result) =>
        [
            .. JsonDocument
                .Parse(result.Output)
                .RootElement.GetProperty("figures")
                .EnumerateArray()
                .Where(row => row.GetProperty("editor").GetString() != "no change")
                .Select(row => (row.GetProperty("kind").GetString()!, row.GetProperty("exactMatch").GetDouble())),
        ];

    private static bool[] Exact(CliResult result) =>
        [
            .. JsonDocument
                .Parse(result.Output)
                .RootElement.GetProperty("scores")
                .EnumerateArray()
                .Where(score => score.GetProperty("editor").GetString() != "no change")
                .Select(score => score.GetProperty("exact").GetBoolean()),
        ];
}

using System.Globalization;
using System.Text;
using System.Text.Json;

namespace StableDiffCoder.Training.Benchmarking;

/// <summary>The speed of one kind of stage.</summary>
/// <param name="Stage">"ar" or "cpt".</param>
/// <param name="TokensPerSecond">Tokens trained on a second.</param>
/// <param name="PositionsPerSecond">Positions run a second: twice the tokens in the layout with a clean half.</param>
/// <param name="OperationsPerSecond">6 a weight and position, attention, and the head where it predicts.</param>
/// <param name="ShareOfLarge">Of the rate of one large product in the same type.</param>
/// <param name="ShareOfShapes">Of the rate of the products at the model's own shapes.</param>
public sealed record StageSpeed(
    string Stage,
    double TokensPerSecond,
    double PositionsPerSecond,
    double OperationsPerSecond,
    double ShareOfLarge,
    double ShareOfShapes
);

/// <summary>What a training benchmark measured; rates are operations a second.</summary>
/// <param name="Device">"cpu" or "cuda".</param>
/// <param name="Dtype">The type that the model is trained in.</param>
/// <param name="Threads">Threads of an operator.</param>
/// <param name="Parameters">Weights of the model, all.</param>
/// <param name="LargeBfloat16">Rate of a large product in bfloat16.</param>
/// <param name="LargeFloat32">The same in float32.</param>
/// <param name="AtShapes">Rate of the products at the model's own shapes.</param>
/// <param name="Stages">The real training step.</param>
public sealed record TrainingBenchmarkResult(
    string Device,
    string Dtype,
    int Threads,
    long Parameters,
    double LargeBfloat16,
    double LargeFloat32,
    double AtShapes,
    IReadOnlyList<StageSpeed> Stages
)
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
    };

    /// <summary>As JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Json);

    /// <summary>As a Markdown table.</summary>
    public string ToTable()
    {
        var table = new StringBuilder();
        void Row(FormattableString row) => table.Append(row.ToString(CultureInfo.InvariantCulture)).Append('\n');

        Row($"{Parameters / 1e6:0.00} M parameters, {Dtype} on {Device}, {Threads} threads");
        Row($"");
        Row($"| measured | GFLOP/s | of the large product | of the model's shapes | tokens/s |");
        Row($"|---|--:|--:|--:|--:|");
        Row($"| large product, bfloat16 | {LargeBfloat16 / 1e9:0.0} | | | |");
        Row($"| large product, float32 | {LargeFloat32 / 1e9:0.0} | | | |");
        Row($"| products at the model's shapes | {AtShapes / 1e9:0.0} | {100 * AtShapes / Large:0.0} % | | |");
        foreach (StageSpeed stage in Stages)
        {
            Row(
                $"| training step, {stage.Stage} | {stage.OperationsPerSecond / 1e9:0.0} | {100 * stage.ShareOfLarge:0.0} % | {100 * stage.ShareOfShapes:0.0} % | {stage.TokensPerSecond:0} |"
            );
        }
        return table.ToString();
    }

    private double Large => Dtype == "bfloat16" ? LargeBfloat16 : LargeFloat32;
}

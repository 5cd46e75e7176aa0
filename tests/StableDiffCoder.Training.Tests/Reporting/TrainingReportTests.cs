using StableDiffCoder.Training.Reporting;
using StableDiffCoder.Training.Running;

namespace StableDiffCoder.Training.Tests.Reporting;

public sealed class TrainingReportTests : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("report-").FullName;

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Fact]
    public void Write_ARunOfTwoStages_IsOnePageWithoutReferences()
    {
        string metrics = Path.Combine(root, "metrics.jsonl");
        using (var log = new MetricsLog(metrics))
        {
            for (int update = 1; update <= 20; update++)
            {
                log.Write(Line(update <= 10 ? "ar" : "cpt", update <= 10 ? update : update - 10, update * 1000, 8.0 / update));
            }
        }
        string page = Path.Combine(root, "report.html");
        TrainingReport.Write(metrics, page);
        string html = File.ReadAllText(page);
        Assert.Contains("<td>ar</td><td>10 of 10</td>", html, StringComparison.Ordinal);
        Assert.Contains("gradient norm, before clipping", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<script src", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<link", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_AResumedRun_TakesTheLaterLineOfAnUpdate()
    {
        string metrics = Path.Combine(root, "metrics.jsonl");
        using (var log = new MetricsLog(metrics))
        {
            log.Write(Line("ar", 1, 100, 5));
            log.Write(Line("ar", 2, 200, 4));
            log.Write(Line("ar", 2, 200, 3));
        }
        Assert.Equal([5, 3], MetricsLog.Read(metrics).Select(line => line.Loss));
    }

    [Fact]
    public void Read_ADamagedLine_IsNamed()
    {
        string metrics = Path.Combine(root, "metrics.jsonl");
        File.WriteAllText(metrics, "{\"stage\": 3\n");
        TrainingException error = Assert.Throws<TrainingException>(() => MetricsLog.Read(metrics));
        Assert.Contains("line 1", error.Message, StringComparison.Ordinal);
    }

    private static TrainingMetrics Line(string stage, int update, long tokens, double loss) =>
        new()
        {
            Stage = stage,
            Update = update,
            Updates = 10,
            Tokens = tokens,
            Loss = loss,
            GradientNorm = 1,
            LearningRate = 1e-3,
            TokensPerSecond = 1000,
            ValidationLoss = update == 10 ? loss : null,
        };
}

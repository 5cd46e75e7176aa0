namespace StableDiffCoder.Engine.Tests.Reference;

/// <summary>
/// The Llama forward pass over a whole sequence in plain loops and float64: no cache, no tensor library, nothing shared with the engine.
/// Slow on purpose; what the engine computes is compared with it.
/// </summary>
public sealed class ReferenceTransformer(CheckpointShape shape, IReadOnlyDictionary<string, float[]> weights)
{
    private readonly Dictionary<string, double[][]> matrices = [];

    /// <summary>Logits of every position.</summary>
    /// <param name="ids">Token ids from position 0 on.</param>
    /// <param name="sees">Whether a query position sees a key position.</param>
    /// <returns>[length][vocabulary]</returns>
    public double[][] Logits(IReadOnlyList<int> ids, Func<int, int, bool> sees)
    {
        double[][] stream = [.. ids.Select(id => Row("model.embed_tokens.weight", id))];
        for (var layer = 0; layer < shape.Layers; layer++)
        {
            string prefix = $"model.layers.{layer}.";
            double[][] attended = Attention(prefix + "self_attn.", Normalized(stream, prefix + "input_layernorm.weight"), sees);
            stream = Sum(stream, attended);
            double[][] activated = Mlp(prefix + "mlp.", Normalized(stream, prefix + "post_attention_layernorm.weight"));
            stream = Sum(stream, activated);
        }
        string head = shape.Tied ? "model.embed_tokens.weight" : "lm_head.weight";
        return Project(Normalized(stream, "model.norm.weight"), head, shape.Vocabulary);
    }

    private double[][] Attention(string prefix, double[][] input, Func<int, int, bool> sees)
    {
        int width = shape.HeadDimension;
        double[][] queries = Project(input, prefix + "q_proj.weight", shape.Heads * width);
        double[][] keys = Project(input, prefix + "k_proj.weight", shape.KeyValueHeads * width);
        double[][] values = Project(input, prefix + "v_proj.weight", shape.KeyValueHeads * width);
        for (var position = 0; position < input.Length; position++)
        {
            Rotate(queries[position], position);
            Rotate(keys[position], position);
        }
        double[][] mixed = [.. input.Select(_ => new double[shape.Heads * width])];
        for (var head = 0; head < shape.Heads; head++)
        {
            int shared = head / (shape.Heads / shape.KeyValueHeads);
            for (var query = 0; query < input.Length; query++)
            {
                int[] visible = [.. Enumerable.Range(0, input.Length).Where(key => sees(query, key))];
                double[] scores =
                [
                    .. visible.Select(key =>
                        Dot(queries[query].AsSpan(head * width, width), keys[key].AsSpan(shared * width, width)) / Math.Sqrt(width)
                    ),
                ];
                double[] attention = ReferenceSoftmax.Of(scores);
                for (var i = 0; i < visible.Length; i++)
                {
                    for (var d = 0; d < width; d++)
                    {
                        mixed[query][(head * width) + d] += attention[i] * values[visible[i]][(shared * width) + d];
                    }
                }
            }
        }
        return Project(mixed, prefix + "o_proj.weight", shape.Hidden);
    }

    /// <summary>Rotary embedding by halves: dimension i of a head turns together with dimension i + Dh/2, by position · θ^(−2i/Dh).</summary>
    private void Rotate(double[] heads, int position)
    {
        int width = shape.HeadDimension;
        int half = width / 2;
        for (var start = 0; start < heads.Length; start += width)
        {
            for (var i = 0; i < half; i++)
            {
                double angle = position * Math.Pow(shape.RopeTheta, -2.0 * i / width);
                (double first, double second) = (heads[start + i], heads[start + i + half]);
                heads[start + i] = (first * Math.Cos(angle)) - (second * Math.Sin(angle));
                heads[start + i + half] = (second * Math.Cos(angle)) + (first * Math.Sin(angle));
            }
        }
    }

    private double[][] Mlp(string prefix, double[][] input)
    {
        double[][] gate = Project(input, prefix + "gate_proj.weight", shape.Intermediate);
        double[][] up = Project(input, prefix + "up_proj.weight", shape.Intermediate);
        double[][] gated = [.. gate.Zip(up, (g, u) => g.Zip(u, (a, b) => a / (1 + Math.Exp(-a)) * b).ToArray())];
        return Project(gated, prefix + "down_proj.weight", shape.Hidden);
    }

    private double[][] Normalized(double[][] rows, string name)
    {
        float[] weight = weights[name];
        return
        [
            .. rows.Select(row =>
            {
                double scale = 1 / Math.Sqrt((row.Sum(x => x * x) / row.Length) + shape.Epsilon);
                return row.Select((x, i) => x * scale * weight[i]).ToArray();
            }),
        ];
    }

    /// <summary>Rows times the transpose of a weight [outputs, inputs].</summary>
    private double[][] Project(double[][] rows, string name, int outputs) =>
        [.. rows.Select(row => Enumerable.Range(0, outputs).Select(output => Dot(Row(name, output), row)).ToArray())];

    private double[] Row(string name, int row)
    {
        if (!matrices.TryGetValue(name, out double[][]? matrix))
        {
            int width = (int)shape.Tensors().Single(tensor => tensor.Name == name).Shape[1];
            matrix = [.. weights[name].Chunk(width).Select(values => values.Select(value => (double)value).ToArray())];
            matrices[name] = matrix;
        }
        return matrix[row];
    }

    private static double Dot(ReadOnlySpan<double> left, ReadOnlySpan<double> right)
    {
        double sum = 0;
        for (var i = 0; i < left.Length; i++)
        {
            sum += left[i] * right[i];
        }
        return sum;
    }

    private static double[][] Sum(double[][] left, double[][] right) => [.. left.Zip(right, (a, b) => a.Zip(b, (x, y) => x + y).ToArray())];
}
